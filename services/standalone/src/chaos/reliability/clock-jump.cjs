// Preloaded into a service that a test runs: its clock is off by as many milliseconds as the file that WAMI_CHAOS_CLOCK names says.
const { readFileSync } = require('node:fs');

const LOOK_MS = 200;
const now = Date.now.bind(Date);
let offset = 0;
const look = () => (offset = Number(readFileSync(process.env.WAMI_CHAOS_CLOCK, 'utf8')) || 0);
look();
setInterval(look, LOOK_MS).unref();

globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [now() + offset] : given));
  }

  static now() {
    return now() + offset;
  }
};
