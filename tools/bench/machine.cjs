const os = require('node:os');

/** What of this machine matters for the figures, a line each; nothing that tells which machine it is. */
function describeMachine({ postgres }) {
  const cpus = os.cpus();
  return [
    `${cpus.length} cores${cpus[0] ? ` (${cpus[0].model.trim()})` : ''}, ${Math.round(os.totalmem() / 2 ** 30)} GB of memory, ${os.type()} ${os.arch()}`,
    `Node ${process.versions.node}, PostgreSQL ${postgres} with fsync on; clients, servers, database and clouds share the machine`,
    `load average at the start: ${os.loadavg()[0].toFixed(1)}`,
  ];
}

module.exports = { describeMachine };
