/** Things a second that `step`, which resolves with the number it did, does when `workers` of it go on side by side for so long. */
export async function countFor(seconds: number, workers: number, step: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let count = 0;
  await Promise.all(Array.from({ length: workers }, async () => {
    while (performance.now() < end) {
      const done = await step();
      count += done;
    }
  }));
  return count / ((performance.now() - start) / 1000);
}
