// Preloaded into a service that is measured: it takes no more of a core than the file that WAMI_BENCH_CORE_SHARE names says, as a container with a
// processor quota does. 1 and more: as much as it likes.
const { readFileSync } = require('node:fs');

const EVERY_MS = 10;
/** Long enough to pay at once for what one turn of the loop took: paid in parts, each between two turns, the process would get less than its share. */
const LONGEST_MS = 1_000;
const file = process.env.WAMI_BENCH_CORE_SHARE;
const cell = new Int32Array(new SharedArrayBuffer(4));
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
let [time, used] = [performance.now(), spent()];

setInterval(() => {
  const share = Number(readFileSync(file, 'utf8'));
  const ahead = share >= 1 ? 0 : (spent() - used) / share - (performance.now() - time);
  if (ahead > 0) Atomics.wait(cell, 0, 0, Math.min(ahead, LONGEST_MS));
  // What was not used is not kept for later.
  else [time, used] = [performance.now(), spent()];
}, EVERY_MS).unref();
