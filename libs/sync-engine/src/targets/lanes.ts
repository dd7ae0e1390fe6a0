/** Of five claims four go to people's edits and one to the rest, where both have work: neither starves. */
const TURNS = 5;

/** Whose turn it is, kept over many small claims. */
export class Lanes {
  /** The tenant that was served last. */
  after = '';
  private turn = 0;

  /** How many of the next `slots` claims lane 1 may take before lane 0. */
  shareOfLane1(slots: number): number {
    const before = Math.floor(this.turn / TURNS);
    this.turn += slots;
    const share = Math.floor(this.turn / TURNS) - before;
    this.turn %= TURNS;
    return share;
  }
}
