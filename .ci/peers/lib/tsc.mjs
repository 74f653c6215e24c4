// TypeScript's compiler as a judge: is this value what that type says?
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const perFile = 500; // few enough for the compiler's checkers to share the files

const options = [
  ['--noEmit', '--strict', '--pretty', 'false', '--skipLibCheck'],
  ['--module', 'nodenext', '--moduleResolution', 'nodenext', '--target', 'es2022'],
].flat();

/**
 * Checks each value against its type: `{ value, type }`, where `imports` names the types, which are those of the packages
 * that are installed beside the script of that URL. Returns the errors by the index of the value.
 *
 * The values are written as literals, one a line, followed by `satisfies`: a literal keeps its words ("section" stays
 * "section" and does not become string) and may hold no key that the type does not know. Imported JSON has neither.
 */
export function mismatches(script, imports, checks) {
  const modules = fileURLToPath(new URL('node_modules', script));
  const cache = join(modules, '.cache'); // below node_modules, so that the packages are found and git sees nothing
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'check-'));
  try {
    const files = [];
    for (let start = 0; start < checks.length; start += perFile) {
      const lines = checks.slice(start, start + perFile).map(({ value, type }) => `(${literal(value)}) satisfies ${type};`);
      const name = `${files.length}.mts`;
      writeFileSync(join(folder, name), [imports, ...lines, 'export {};', ''].join('\n'));
      files.push(name);
    }
    return files.length ? compile(modules, folder, files) : new Map();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** JSON is an expression of TypeScript, but for two characters that end a line there. */
function literal(value) {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function compile(modules, folder, files) {
  const ambient = existsSync(join(modules, '@types', 'node')) ? ['--types', 'node'] : [];
  const { status, stdout, stderr, error } = spawnSync(join(modules, '.bin', 'tsc'), [...options, ...ambient, ...files], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const errors = new Map();
  let at;
  for (const line of (stdout ?? '').split('\n')) {
    const head = /^(\d+)\.mts\((\d+),\d+\): error (.*)$/.exec(line);
    if (head) at = Number(head[1]) * perFile + Number(head[2]) - 2; // the imports are line 1
    if (head || (/^\s+\S/.test(line) && at !== undefined)) {
      errors.set(at, [...(errors.get(at) ?? []), head ? head[3] : line.trim()]);
    }
  }
  // A compiler that fails without naming one of our lines has checked nothing.
  if (error || (status !== 0 && !errors.size) || errors.has(-1)) {
    throw new Error(`tsc did not run: ${error ?? stdout + stderr}`);
  }
  return new Map([...errors].map(([i, lines]) => [i, lines.join(' ')]));
}
