/*
 * Reads OTLP's messages in the wire format of protocol buffers, into the members of their JSON form; only those that
 * tests look at. It shares no code with what is tested.
 */

type Value = bigint | Uint8Array
type Fields = Map<number, Value[]>

/** How one field of a message is read. */
type Read = (value: Value) => unknown

/** The fields of a message: number, name, how it is read, and whether it is a list. */
type Message = readonly (readonly [number, string, Read, 'many'?])[]

const text: Read = (value) => Buffer.from(bytesOf(value)).toString()
const hex: Read = (value) => Buffer.from(bytesOf(value)).toString('hex')
const whole: Read = (value) => Number(value)
const nanos: Read = (value) => String(value)
const yes: Read = (value) => value === 1n
const double: Read = (value) => Buffer.from(new BigUint64Array([value as bigint]).buffer).readDoubleLE()
const message =
  (fields: () => Message): Read =>
  (value) =>
    readMessage(bytesOf(value), fields())

const ANY: Message = [
  [1, 'stringValue', text],
  [2, 'boolValue', yes],
  [3, 'intValue', whole],
  [4, 'doubleValue', double],
  [5, 'arrayValue', message(() => [[1, 'values', message(() => ANY), 'many']])],
  [6, 'kvlistValue', message(() => [[1, 'values', message(() => KEY_VALUE), 'many']])],
]
const KEY_VALUE: Message = [
  [1, 'key', text],
  [2, 'value', message(() => ANY)],
]
const ATTRIBUTES = message(() => KEY_VALUE)
const RESOURCE: Message = [[1, 'attributes', ATTRIBUTES, 'many']]
const SPAN: Message = [
  [1, 'traceId', hex],
  [2, 'spanId', hex],
  [4, 'parentSpanId', hex],
  [5, 'name', text],
  [6, 'kind', whole],
  [9, 'attributes', ATTRIBUTES, 'many'],
  [
    11,
    'events',
    message(() => [
      [2, 'name', text],
      [3, 'attributes', ATTRIBUTES, 'many'],
    ]),
    'many',
  ],
  [
    13,
    'links',
    message(() => [
      [1, 'traceId', hex],
      [2, 'spanId', hex],
    ]),
    'many',
  ],
  [15, 'status', message(() => [[3, 'code', whole]])],
]
const RECORD: Message = [
  [1, 'timeUnixNano', nanos],
  [2, 'severityNumber', whole],
  [3, 'severityText', text],
  [5, 'body', message(() => ANY)],
  [6, 'attributes', ATTRIBUTES, 'many'],
  [9, 'traceId', hex],
  [10, 'spanId', hex],
]

const within = (outer: string, scope: string, items: string, item: Message): Message => [
  [
    1,
    outer,
    message(() => [
      [1, 'resource', message(() => RESOURCE)],
      [2, scope, message(() => [[2, items, message(() => item), 'many']]), 'many'],
    ]),
    'many',
  ],
]

const REQUESTS = {
  traces: within('resourceSpans', 'scopeSpans', 'spans', SPAN),
  logs: within('resourceLogs', 'scopeLogs', 'logRecords', RECORD),
}

/** A request to a collector, in its JSON form. @throws Error when it is none */
export function readRequest(signal: 'traces' | 'logs', bytes: Uint8Array): Record<string, unknown> {
  return readMessage(bytes, REQUESTS[signal])
}

function readMessage(bytes: Uint8Array, fields: Message): Record<string, unknown> {
  const found = readFields(bytes)
  const result: Record<string, unknown> = {}
  for (const [number, name, read, many] of fields) {
    const values = found.get(number) ?? []
    if (many === 'many') result[name] = values.map(read)
    else if (values[0] !== undefined) result[name] = read(values[0])
  }
  return result
}

function readFields(bytes: Uint8Array): Fields {
  const fields: Fields = new Map()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.byteLength) {
    const key = Number(varint())
    const value = valueOf(key & 7)
    const number = key >> 3
    fields.set(number, [...(fields.get(number) ?? []), value])
  }
  return fields

  function valueOf(type: number): Value {
    if (type === 0) return varint()
    if (type === 1) return view.getBigUint64((at += 8) - 8, true)
    if (type === 5) return BigInt(view.getUint32((at += 4) - 4, true))
    if (type !== 2) throw new Error(`no wire type: ${type}`)
    const length = Number(varint())
    at += length
    return bytes.subarray(at - length, at)
  }
}

function bytesOf(value: Value): Uint8Array {
  if (typeof value === 'bigint') throw new Error('a number where bytes are')
  return value
}
