import { type CipherChaCha20Poly1305, createCipheriv, createHash } from 'node:crypto';

/** A few random bytes. Who does not know them cannot make other bytes that have the same digest. */
export type DigestKey = Uint8Array;

/** How many bytes a key has. */
export const keyBytes = 32;

/** How many bytes have a tag of their own. */
const pieceBytes = 2 ** 20;

/**
 * A digest that takes no longer than it takes to read: SHA-256 of the Poly1305 tags of all pieces. Two pieces that differ have the same tag by
 * a chance of less than 2^-80. The cipher is there for the tags; nothing is encrypted.
 */
export class SecretDigest {
  readonly #key: DigestKey;
  readonly #tags: Uint8Array[];
  #piece: CipherChaCha20Poly1305;
  #inPiece = 0;

  constructor(key: DigestKey, tags: readonly Uint8Array[] = []) {
    this.#key = key;
    this.#tags = [...tags];
    this.#piece = this.#newPiece();
  }

  /** How many bytes were taken. */
  get bytes(): number {
    return this.#tags.length * pieceBytes + this.#inPiece;
  }

  /** Takes the next bytes. */
  update(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0; ) {
      const part = rest.subarray(0, pieceBytes - this.#inPiece);
      this.#piece.setAAD(part, { plaintextLength: 0 });
      this.#inPiece += part.length;
      rest = rest.subarray(part.length);
      if (this.#inPiece < pieceBytes) continue;
      this.#tags.push(tagOf(this.#piece));
      this.#piece = this.#newPiece();
      this.#inPiece = 0;
    }
  }

  /** One that took all pieces that end before a place, of those that this one took: with the bytes up to that place it is what this one was there. */
  before(place: number): SecretDigest {
    return new SecretDigest(this.#key, this.#tags.slice(0, Math.floor(place / pieceBytes)));
  }

  /** The digest, in hexadecimal digits. Nothing can be taken after it. */
  end(): string {
    const hash = createHash('sha256');
    for (const tag of [...this.#tags, tagOf(this.#piece)]) hash.update(tag);
    return hash.digest('hex');
  }

  /** A Poly1305 key is good for one text: each piece has its own, by its number. */
  #newPiece(): CipherChaCha20Poly1305 {
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32LE(this.#tags.length);
    return createCipheriv('chacha20-poly1305', this.#key, nonce, { authTagLength: 16 });
  }
}

function tagOf(piece: CipherChaCha20Poly1305): Uint8Array {
  piece.final();
  return piece.getAuthTag();
}
