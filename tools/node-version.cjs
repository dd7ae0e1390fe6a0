// Older than any syntax that an old Node could stumble over: this file must parse there to say what is wrong.
const floor = [20, 19];
const found = process.versions.node.split('.').map(Number);

if (found[0] < floor[0] || (found[0] === floor[0] && found[1] < floor[1])) {
  process.stderr.write('WAMI needs Node.js ' + floor.join('.') + ' or newer, this is ' + process.versions.node + '. Install it from https://nodejs.org\n');
  process.exit(1);
}
