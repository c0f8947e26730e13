// Throughput and latency of `captioneer serve`, asked from another process: at rising load, and at ten times its capacity.
//
//     node bench/serve.mjs [--seconds 10] [--pin] [options of captioneer serve]
//
// Captions a second tell what a client gets; captions a CPU second of the server tell what refused requests cost it, also on a machine
// that does other work. `--pin` (Linux) gives the server core 0 alone, and the client the last one.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

const LEVELS = [1, 2, 4, 8, 16, 32];
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const args = process.argv.slice(2);
const at = args.indexOf('--seconds');
const seconds = at < 0 ? 10 : Number(args.splice(at, 2)[1]);

const pinAt = args.indexOf('--pin');
const pin = (core) => (pinAt < 0 ? [] : ['taskset', '-c', String(core)]);
if (pinAt >= 0) {
  args.splice(pinAt, 1);
  execFileSync('taskset', ['-a', '-cp', String(availableParallelism() - 1), String(process.pid)], { stdio: 'ignore' });
}

const [command, ...rest] = [...pin(0), process.execPath, path('../dist/cli/main.js'), 'serve', '--port', '0', ...args];
const server = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
const url = await new Promise((resolve, reject) => {
  server.stdout
    .setEncoding('utf8')
    .on('data', (line) => /http:\/\/\S+(?=,)/.test(line) && resolve(/http:\/\/\S+(?=,)/.exec(line)[0]));
  server.on('exit', (code) => reject(new Error(`The server ended with exit code ${code}.`)));
});

const request = {
  url: `${url}/caption`,
  method: 'POST',
  body: readFileSync(path('../docs/images/cat.jpg')),
  headers: { 'content-type': 'image/jpeg' },
};
/** Captions a second, and the latency of requests that were captioned, once as many are under way as there will be: in the second half. */
async function load(connections, rate) {
  const latencies = [];
  const started = performance.now();
  const instance = autocannon({ ...request, connections, duration: 2 * seconds, ...(rate && { overallRate: rate }) });
  instance.on('response', (_client, status, _bytes, ms) => {
    if (status === 200 && performance.now() - started > 1000 * seconds) latencies.push(ms);
  });
  const before = await metric('process_cpu_seconds_total', 1000 * seconds);
  const result = await instance;
  const cpuS = (await metric('process_cpu_seconds_total')) - before;
  const measuredS = (performance.now() - started) / 1000 - seconds;
  latencies.sort((a, b) => a - b);
  const quantile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? NaN;
  const others = Object.entries(result.statusCodeStats ?? {}).filter(([status]) => status !== '200');
  return {
    goodput: latencies.length / measuredS,
    p50: quantile(0.5),
    p99: quantile(0.99),
    refused: others.map(([status, { count }]) => `${count} × ${status}`).join(', ') || '–',
    errors: result.errors + result.timeouts,
    perCpuS: latencies.length / cpuS,
    residentMB: (await metric('process_resident_memory_bytes')) / 1e6,
  };
}
/** A number that the server tells of itself, after a wait. */
async function metric(name, waitMs = 0) {
  await wait(waitMs);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)[1]);
}

await load(4); // to warm up
const rows = [];
for (const connections of LEVELS) rows.push([`${connections} at a time`, await load(connections)]);
const peak = Math.max(...rows.map(([, { goodput }]) => goodput));
rows.push([
  `10 × capacity (${Math.round(10 * peak)} a second)`,
  await load(Math.ceil(10 * peak), Math.round(10 * peak)),
]);
const { goodput: overload, perCpuS } = rows.at(-1)[1];
const bestPerCpuS = Math.max(...rows.slice(0, -1).map(([, row]) => row.perCpuS));
const isAlive = (await fetch(`${url}/healthz`)).ok;
const exited = new Promise((resolve) => server.on('exit', resolve));
server.kill('SIGTERM');
const exitCode = await exited;

console.log(
  `${new Date().toISOString().slice(0, 10)}; ${availableParallelism()} cores of ${cpus()[0].model.trim()}; Node ${process.version}; ${seconds} s each, load average ${loadavg()[0].toFixed(1)} at the end.\n`,
);
console.log(
  '| load | captions a second | captions a CPU second | p50, ms | p99, ms | refused | errors | resident MB |',
);
console.log('| :--- | ---: | ---: | ---: | ---: | :--- | ---: | ---: |');
for (const [name, { goodput, perCpuS, p50, p99, refused, errors, residentMB }] of rows) {
  const cells = [
    name,
    goodput.toFixed(1),
    perCpuS.toFixed(1),
    p50.toFixed(0),
    p99.toFixed(0),
    refused,
    errors,
    residentMB.toFixed(0),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
console.log(
  `\nAt ten times capacity ${((100 * overload) / peak).toFixed(0)} % of the peak's captions, and ${((100 * perCpuS) / bestPerCpuS).toFixed(0)} % of its captions a CPU second; alive: ${isAlive}; exit code after SIGTERM: ${exitCode}.`,
);
