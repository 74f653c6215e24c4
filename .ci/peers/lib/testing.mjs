// Runs the checkers and the apps as their users do, for the self-tests.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The scripts that stand in the folder of that URL. */
export function scripts(folder) {
  const path = (script) => fileURLToPath(new URL(script, folder));
  return { check: (script, ...given) => check(path(script), ...given), start: (script, env) => start(path(script), env) };
}

/** A free port: one that was just given, and given back. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Gives a checker its records and returns its exit status, the failures by id, and its last line. */
function check(script, records, ...args) {
  const input = typeof records === 'string' ? records : records.map((record) => JSON.stringify(record)).join('\n');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  const lines = stdout.trim().split('\n');
  const failures = new Map();
  for (const { id, error } of lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))) failures.set(id, `${failures.get(id) ?? ''}${error}\n`);
  return { status, failures, sum: lines.at(-1), stdout, stderr };
}

/** Starts one of the apps, and returns when it says that it is ready. */
async function start(script, env) {
  const child = spawn(process.execPath, [script], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) if (line === 'ready') return true;
  })();
  if (!(await Promise.race([ready, exit.then(() => false)]))) throw new Error(`${script} ended before it was ready`);
  return {
    stop: () => {
      child.kill();
      return exit;
    },
  };
}
