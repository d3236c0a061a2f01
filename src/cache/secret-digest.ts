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

  /** How many more the piece takes. */
  get room(): number {
    return pieceBytes - this.#inPiece;
  }

  /** Takes the next bytes: no more than there is room for. */
  update(bytes: Uint8Array): void {
    this.#piece.setAAD(bytes, { plaintextLength: 0 });
    this.#inPiece += bytes.length;
    if (this.room > 0) return;
    this.#tags.push(tagOf(this.#piece));
    this.#piece = this.#newPiece();
    this.#inPiece = 0;
  }

  /** One that goes on from here by itself, where a piece begins in which `place` lies: so that nothing before is hashed twice. */
  forkFor(place: number): SecretDigest | undefined {
    const isNear = this.#inPiece === 0 && place >= this.bytes && place < this.bytes + pieceBytes;
    return isNear ? new SecretDigest(this.#key, this.#tags) : undefined;
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
