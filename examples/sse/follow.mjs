// @ts-check
// Prints every event as a line of JSON and keeps its place in a file. README.md says what to set.
import { followEvents } from './follow-events.mjs';
import { PositionFile } from './position-file.mjs';
import { untilAskedToEnd, wami } from './settings.mjs';

const position = new PositionFile(process.env['POSITION_FILE'] ?? 'position.txt');
await followEvents({ ...wami(), position, signal: untilAskedToEnd() }, (event) => {
  // Here is where your program does something: what it did must be safe before this returns.
  process.stdout.write(`${JSON.stringify(event)}\n`);
});
