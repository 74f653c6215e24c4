import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scripts } from '../../lib/testing.mjs';

const { check } = scripts(new URL('..', import.meta.url));

test('shows each message at both widths', () => {
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*Peru* leans against' } }];
  const { stdout, stderr } = check('render.mjs', [{ id: 'peru', text: 'Fallback', blocks }, { id: 'home', view: { type: 'home', blocks } }]);
  assert.equal(stderr, '');
  assert.equal(stdout.split('leans against').length - 1, 4);
  assert.match(stdout, /width:640px[^]*width:360px/);
  assert.match(stdout, /Fallback/);
});
