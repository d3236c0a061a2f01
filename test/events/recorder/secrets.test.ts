import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inMemory } from './support.ts';

const secretNames = [
  'privateKey',
  'private_key',
  'PRIVATE-KEY',
  'walletPrivateKey',
  'secret',
  'clientSecret',
  'seed',
  'masterSeed',
  'seedPhrase',
  'mnemonic',
  'password',
  'passphrase',
  'authorization',
  'Authorization',
  'authToken',
  'accessToken',
  'refresh_token',
  'apiKey',
  'APIKey',
  'JWTSecret',
];

const plainNames = ['tokenId', 'tokenIds', 'tokens', 'token', 'secretCount', 'publicKey', 'key', 'cid', 'paidToken'];

test('no key material reaches the log at any depth, and identifiers always do', () => {
  const path = fc.array(fc.constantFrom('wallet', 'inner', 'items'), { maxLength: 2 });
  const { record, text } = inMemory();
  let written = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...secretNames),
      fc.constantFrom(...plainNames),
      path,
      fc.boolean(),
      (bad, good, names, listed) => {
        written += 1;
        const id = `T-${written}-visible`;
        const hidden = `S-${written}-hidden`;
        const leaf = { [bad]: listed ? [{ value: hidden }] : hidden, [good]: listed ? [id] : id };
        const fields = names.reduceRight<object>((inner, name) => ({ [name]: listed ? [inner] : inner }), leaf);
        record.log('debug', fields);
        expect(text()).toContain(id);
        expect(text()).not.toContain(hidden);
      },
    ),
  );
});

test('the shapes that key material comes in', () => {
  const { record, lines, text } = inMemory({ redact: ['nametagBlinding'] });
  const cyclic: Record<string, unknown> = { name: 'c' };
  cyclic.self = cyclic;
  record.log('shapes', {
    hasPassword: true,
    mnemonic: null,
    secretCount: 3,
    seed: 42,
    keyBytes: new Uint8Array([1, 2, 3]),
    headers: new Map([['Authorization', 'Basic hidden']]),
    header: 'Bearer hidden',
    token: 'eyJhbGciOi.eyJzdWIi.hidden',
    nametag_blinding: 'hidden',
    error: Object.assign(new Error('failed'), { password: 'hidden' }),
    units: 10n ** 30n,
    at: new Date(0),
    cyclic,
    get broken() {
      return 1;
    },
  });
  expect(text()).not.toContain('hidden');
  expect(lines()[1]?.fields).toMatchObject({
    hasPassword: true,
    mnemonic: null,
    secretCount: 3,
    seed: '[Redacted]',
    keyBytes: '[3 bytes]',
    headers: { Authorization: '[Redacted]' },
    header: '[Redacted]',
    token: '[Redacted]',
    nametag_blinding: '[Redacted]',
    error: { name: 'Error', message: 'failed', password: '[Redacted]' },
    units: `1${'0'.repeat(30)}`,
    at: '1970-01-01T00:00:00.000Z',
    cyclic: { self: '[Circular]' },
  });
});

test('fields that cannot be read cost their line its fields, not the sequence its number', () => {
  const { record, lines } = inMemory();
  const fields = {
    get wallet() {
      throw new Error('locked');
    },
  };
  record.log('broken', fields);
  record.clear();
  expect(lines().slice(1)).toMatchObject([
    { seq: 2, msg: 'broken', fields: '[Unreadable: locked]' },
    { seq: 3, type: 'clear' },
  ]);
});

test('free fields never touch the header', () => {
  const { record, lines } = inMemory();
  record.log('100% of %s', { seq: 99, device: 'other', type: 'clear', msg: 'x' });
  expect(lines()[1]).toMatchObject({
    type: 'log',
    seq: 2,
    device: 'bob-peer1',
    msg: '100% of %s',
    fields: { seq: 99 },
  });
});
