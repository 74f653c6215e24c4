import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { scripts } from '../../lib/testing.mjs';

const { check } = scripts(new URL('..', import.meta.url));
const now = 1_700_000_000;
const sign = (secret, timestamp, body) => `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
const signed = { secret: 's', timestamp: String(now), body: 'text=stance+per%C3%BA', now, want: true };
signed.signature = sign('s', now, signed.body);

test('agrees with Bolt, and tells where it does not', () => {
  const old = String(now - 301);
  const records = {
    right: signed,
    'other body': { ...signed, body: 'text=stance+cuba', want: false },
    'other secret': { ...signed, secret: 't', want: false },
    'other version': { ...signed, signature: signed.signature.replace('v0', 'v1'), want: false },
    'no signature': { ...signed, signature: undefined, want: false },
    'no secret': { ...signed, secret: '', signature: signed.signature, want: false },
    'no time': { ...signed, timestamp: undefined, want: false },
    old: { ...signed, timestamp: old, signature: sign('s', old, signed.body), want: false },
    'wanted, and refused': { ...signed, body: '' },
    'taken, and not wanted': { ...signed, want: false },
    'old by the running clock': { ...signed, now: undefined },
  };
  const { status, failures, sum } = check('check-signatures.mjs', Object.entries(records).map(([id, record]) => ({ id, ...record })));
  assert.deepEqual([...failures.keys()], ['wanted, and refused', 'taken, and not wanted', 'old by the running clock']);
  assert.match(failures.get('wanted, and refused'), /signature mismatch/);
  assert.match(failures.get('taken, and not wanted'), /takes it/);
  assert.match(failures.get('old by the running clock'), /5 minutes/);
  assert.deepEqual([status, sum], [1, '8 passed, 3 failed']);
});
