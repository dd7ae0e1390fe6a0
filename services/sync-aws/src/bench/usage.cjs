// Preloaded into a service that is measured: the file that WAMI_BENCH_USAGE names says what memory and processor time it has taken.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');

const EVERY_MS = 200;
const file = process.env.WAMI_BENCH_USAGE;
let peak = 0;

/** By the system's own count where there is one: a look now and then may miss it. */
function highest() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return process.memoryUsage.rss();
  }
}

setInterval(() => {
  peak = Math.max(peak, highest());
  const { user, system } = process.cpuUsage();
  writeFileSync(`${file}.new`, JSON.stringify({ peak, cpuMs: (user + system) / 1000, at: Date.now() }));
  renameSync(`${file}.new`, file);
}, EVERY_MS).unref();
