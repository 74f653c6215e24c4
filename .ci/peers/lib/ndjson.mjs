// Lines of JSON in, lines of JSON out: what all checkers here speak.
import { readFileSync } from 'node:fs';

/** All records of standard input, one a line. A line that is no JSON is a fault of the caller, and ends the run. */
export function read() {
  return readFileSync(0, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      if (!line.trim()) return [];
      try {
        return [JSON.parse(line)];
      } catch (error) {
        console.error(`line ${i + 1} is no JSON: ${error.message}`);
        process.exit(2);
      }
    });
}

/** Prints one line for each failure, then the sum, and sets the exit status. */
export function report(failures, total) {
  for (const failure of failures) console.log(JSON.stringify(failure));
  const failed = new Set(failures.map(({ id }) => id)).size;
  console.log(`${total - failed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}
