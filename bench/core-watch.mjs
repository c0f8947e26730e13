import { availableParallelism, cpus } from 'node:os';

const busyAndAll = () =>
  cpus().reduce(
    ([busy, all], { times: { user, nice, sys, idle, irq } }) => [
      busy + user + nice + sys + irq,
      all + user + nice + sys + irq + idle,
    ],
    [0, 0],
  );

/**
 * Watches how busy the cores are, from now on.
 *
 * @returns a function that tells the seconds since, the share of all cores' time that this process took, and the share in which any
 *   process had them
 */
export function coreWatch() {
  const cpu = process.cpuUsage();
  const [busyBefore, allBefore] = busyAndAll();
  const started = performance.now();
  return () => {
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const [busy, all] = busyAndAll();
    return {
      seconds,
      ownShare: (user + system) / 1e6 / seconds / availableParallelism(),
      machineShare: (busy - busyBefore) / Math.max(1, all - allBefore),
    };
  };
}
