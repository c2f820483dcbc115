import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** Flags of the authenticator's data: present, verified, attested credential. */
const [PRESENT, VERIFIED, ATTESTED] = [0x01, 0x04, 0x40]

interface Made {
  challenge?: string
  origin?: string
  rpId?: string
  /** The person proved to the device that it is theirs. */
  isVerified?: boolean
}

/** A passkey in software, as browsers and their devices make and use them (ES256, attestation "none"). */
export class Authenticator {
  readonly id = randomBytes(16)
  readonly #key: KeyObject
  readonly #publicKey: Buffer
  readonly #origin: string
  #counter = 0

  constructor(origin: string) {
    this.#origin = origin
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    this.#publicKey = cborKey(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url'))
  }

  /** What navigator.credentials.create() would give for these options, as JSON. */
  create({ challenge }: { challenge: string }, changes: Made = {}) {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.byteLength)
    const data = Buffer.concat([
      this.#data(changes, ATTESTED),
      Buffer.alloc(16),
      length,
      this.id,
      this.#publicKey,
    ])
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      cborText('fmt'),
      cborText('none'),
      cborText('attStmt'),
      Buffer.from([0xa0]),
      cborText('authData'),
      cborBytes(data),
    ])
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', challenge, changes).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    })
  }

  /** What navigator.credentials.get() would give for these options, as JSON. */
  get({ challenge }: { challenge: string }, changes: Made = {}) {
    this.#counter += 1
    const clientData = this.#clientData('webauthn.get', challenge, changes)
    const data = this.#data(changes)
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()])
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#key).toString('base64url'),
    })
  }

  #credential(response: object) {
    const id = this.id.toString('base64url')
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }

  #clientData(type: string, challenge: string, changes: Made): Buffer {
    const { origin = this.#origin } = changes
    return Buffer.from(JSON.stringify({ type, challenge: changes.challenge ?? challenge, origin }))
  }

  #data({ rpId = new URL(this.#origin).hostname, isVerified = true }: Made, more = 0): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.#counter)
    const flags = Buffer.of(PRESENT | (isVerified ? VERIFIED : 0) | more)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), flags, counter])
  }
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.of(0x60 + text.length), Buffer.from(text)])
}

function cborBytes(bytes: Buffer): Buffer {
  const head =
    bytes.byteLength < 256
      ? Buffer.of(0x58, bytes.byteLength)
      : Buffer.of(0x59, bytes.byteLength >> 8, bytes.byteLength & 0xff)
  return Buffer.concat([head, bytes])
}

/** A COSE key of P-256: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function cborKey(x: Buffer, y: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(x),
    Buffer.of(0x22),
    cborBytes(y),
  ])
}
