// Runs commands of the built `wami`, one after the other, as its parent asks over IPC: `{ args, env, cwd }` is answered by `{ code, out, err, both }`.
const { main } = require('../../dist/main.js');

const said = { out: '', err: '', both: '' };
/** Keeps what is written there instead. */
function keep(stream, which) {
  stream.write = (text) => {
    said[which] += text;
    said.both += text;
    return true;
  };
}
keep(process.stdout, 'out');
keep(process.stderr, 'err');

process.on('message', async ({ args, env, cwd }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  await main([process.execPath, 'wami', ...args]);
  process.send({ code: process.exitCode ?? 0, ...said });
  // As the next one finds it in a process of its own.
  Object.assign(said, { out: '', err: '', both: '' });
  process.exitCode = undefined;
  process.removeAllListeners('SIGINT');
  process.stdout.removeAllListeners('error');
});
