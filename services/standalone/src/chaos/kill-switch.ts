import type { Arming, KillPoint } from './kill-points';

/** Kills this process the k-th time that a point is reached. */
export class KillSwitch {
  private armed: { readonly point: KillPoint; left: number } | undefined;

  arm({ point, at }: Arming): void {
    this.armed = { point, left: at };
  }

  /** At the armed point it never resolves: what stands behind it must not happen. */
  readonly reached = async (point: KillPoint): Promise<void> => {
    if (this.armed?.point !== point || --this.armed.left > 0) return;
    process.kill(process.pid, 'SIGKILL');
    await new Promise<never>(() => undefined);
  };
}
