import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { exchange, type Received } from './exchange.ts'

interface Answer {
  $ref?: string
  headers?: Record<string, { $ref?: string; required?: boolean }>
  content?: Record<string, unknown>
}
interface Operation {
  operationId: string
  responses: Record<string, Answer>
}
export interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, Answer>; headers: Record<string, { required?: boolean }> }
}

/** What the app's own OpenAPI document says an operation answers. */
export interface Described {
  readonly document: Document
  /** Everything that is wrong with an answer of an operation; empty when it is as described. */
  faults(operationId: string, answer: Received): string[]
}

/** Reads the document from the running app. */
export async function readDescription(app: { url: string }): Promise<Described> {
  const { json } = await exchange(app, { method: 'GET', path: '/api/openapi.json' })
  const document = json as Document
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema(withoutUnknownMembers(document) as object, 'document')
  const validators = new Map<string, ValidateFunction>()

  function validator(pointer: string): ValidateFunction {
    const found = validators.get(pointer) ?? ajv.compile({ $ref: `document#${pointer}` })
    validators.set(pointer, found)
    return found
  }

  return {
    document,
    faults(operationId, answer) {
      const place = find(document, operationId)
      if (place === undefined) return [`${operationId} is not described`]
      const described = place.operation.responses[answer.status]
      if (described === undefined) return [`${operationId}: status ${answer.status} is not described`]
      const pointer = described.$ref?.slice(1) ?? `${place.pointer}/responses/${answer.status}`
      const name = described.$ref?.split('/').at(-1)
      const target = name === undefined ? described : document.components.responses[name]
      return [
        ...headerFaults(document, target, answer),
        ...bodyFaults(target, answer, pointer, validator),
      ].map((fault) => `${operationId} ${answer.status}: ${fault}`)
    },
  }
}

function find(document: Document, operationId: string) {
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods))
      if (operation.operationId === operationId)
        return { operation, pointer: `/paths/${escapePart(path)}/${method}` }
  return undefined
}

function headerFaults(document: Document, answer: Answer | undefined, { headers }: Received): string[] {
  return Object.entries(answer?.headers ?? {}).flatMap(([name, described]) => {
    const key = described.$ref?.split('/').at(-1)
    const required = key === undefined ? described.required : document.components.headers[key]?.required
    return required === true && headers[name.toLowerCase()] === undefined ? [`header ${name} is missing`] : []
  })
}

function bodyFaults(
  answer: Answer | undefined,
  received: Received,
  pointer: string,
  validator: (pointer: string) => ValidateFunction,
): string[] {
  const types = Object.keys(answer?.content ?? {})
  const [type] = types
  if (type === undefined) return received.text === '' ? [] : ['a body that is not described']
  const sent = (received.headers['content-type'] ?? '').split(';')[0] ?? ''
  if (!types.includes(sent)) return [`media type ${sent} instead of ${types.join(' or ')}`]
  if (received.json === undefined) return []
  const validate = validator(`${pointer}/content/${escapePart(sent)}/schema`)
  if (validate(received.json)) return []
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  )
}

/** JSON pointer escapes, inside a URI fragment. */
function escapePart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}

/**
 * The document leaves objects open for later members. Here they are closed, so that an answer with a
 * member that is not described fails the test.
 */
function withoutUnknownMembers(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutUnknownMembers)
  if (typeof node !== 'object' || node === null) return node
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withoutUnknownMembers(value)]),
  )
  const isClosable = 'properties' in copy && copy.type === 'object' && !('additionalProperties' in copy)
  return isClosable ? { ...copy, additionalProperties: false } : copy
}
