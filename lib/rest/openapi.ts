import { z } from 'zod'
import {
  createDocument,
  type oas31,
  type ZodOpenApiContentObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi'
import type { Scope } from '../access/rules.ts'
import type { Contract } from '../contract.ts'
import { ERROR_CATALOGUE, type ErrorCode } from '../errors.ts'
import { VERSION } from '../version.ts'
import { BODY_EXAMPLES } from './openapi-examples.ts'
import {
  FREE_PARAMETERS,
  HEADER_PARAMETERS,
  HEADERS,
  PROBLEMS,
  refs,
  SCHEMAS,
  TAGS,
} from './openapi-parts.ts'

const DESCRIPTION = `A registry of prompts: write, version, label and render them; agents get them over MCP and here.

Names are snake_case. Errors are problem documents (RFC 9457) that name each wrong field. A change of a prompt carries
\`If-Match\` with the ETag that was read (428 without, 412 when stale). A POST that creates takes an \`Idempotency-Key\`.
Lists answer \`{items, next_cursor}\`. The server answers this machine and the host names that its operator allows.

Templates are Liquid: \`{{ name | upcase }}\` inserts a variable through filters; the tags are if, unless, case, for (with
\`forloop.index\`), assign, render, comment, and raw: \`{% raw %}{{{% endraw %}\` is a literal \`{{\`. Nothing is escaped. The
page \`/docs/templates\` has every tag and filter, and what texts of other template languages become. \`warnings\` and the
\`hint\` of an error say what to write instead.`

/** While there are no accounts nothing is asked for: `{}` beside it says so. */
const KEY = {
  type: 'http',
  scheme: 'bearer',
  description:
    'An API key, also as user or password of Basic. Without accounts none is needed, and what is sent is ignored.',
} as const

export type OpenApiDocument = ReturnType<typeof createDocument>

/**
 * Describes the REST API as an OpenAPI 3.1 document, from the contracts that the routes run on.
 * @param scopes what each operation asks for, by the id of its contract; left out: it asks for no right
 */
export function openApiDocument(
  contracts: readonly Contract[],
  scopes: ReadonlyMap<string, Scope>,
): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {}
  for (const contract of contracts) {
    const method = contract.method.toLowerCase()
    paths[contract.path] = {
      ...paths[contract.path],
      [method]: describeOperation(contract, scopes.get(contract.id)),
    }
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: { title: 'Incipit', version: VERSION, description: DESCRIPTION, license: { name: 'MIT' } },
      servers: [{ url: '/' }],
      security: [],
      tags: TAGS,
      paths: { ...paths, ...METRICS_PATH },
      components: {
        schemas: SCHEMAS,
        headers: HEADERS,
        parameters: HEADER_PARAMETERS,
        securitySchemes: { key: KEY },
      },
    },
    { override: openOutputs, outputIdSuffix: 'Output' },
  )
}

/** Outputs may gain members: a client must not refuse what it does not know. */
const openOutputs: ZodOpenApiOverride = ({ jsonSchema, io }) => {
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
}

function describeOperation(contract: Contract, scope: Scope | undefined): ZodOpenApiOperationObject {
  const { params, query, body } = contract
  const example = BODY_EXAMPLES[contract.id]
  return {
    operationId: contract.id,
    tags: [contract.tag],
    summary: contract.summary,
    ...(scope !== undefined && { security: [{ key: [scope] }, {}] }),
    ...(contract.description !== undefined && { description: contract.description }),
    requestParams: {
      ...(params !== undefined && { path: asSent(params) }),
      ...(query !== undefined && FREE_PARAMETERS[contract.id] === undefined && { query: asSent(query) }),
    },
    parameters: [...(FREE_PARAMETERS[contract.id] ?? []), ...headerParameters(contract)],
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: asSent(body), ...(example !== undefined && { example }) },
          ...(contract.upload === true && UPLOAD),
        },
      },
    }),
    responses: { ...successResponses(contract), ...problemResponses(contract) },
  }
}

const BINARY = { type: 'string', format: 'binary' } as const

/** How files are sent. */
const UPLOAD: ZodOpenApiContentObject = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      properties: {
        file: { type: 'array', items: BINARY, description: 'Files; their names may be paths' },
        plan: { type: 'string', description: 'JSON, as `plan` of the other form' },
        source: { type: 'string', description: 'JSON, as `source` of the other form' },
        kept: { type: 'string', description: 'JSON, as `kept` of the other form' },
      },
    },
  },
  'application/zip': { schema: BINARY },
}

/** The input form of a schema that transforms its input. */
function asSent(schema: NonNullable<Contract['params']>): NonNullable<Contract['params']> {
  if (!(schema instanceof z.ZodPipe)) return schema
  // The input side of a pipe over an object is an object schema itself.
  return asSent(schema.in as NonNullable<Contract['params']>)
}

function headerParameters(contract: Contract): oas31.ReferenceObject[] {
  const { ifMatch, etag, idempotent, method, path } = contract
  const names = [
    ...(ifMatch === true ? ['If-Match'] : []),
    ...(etag === true && method === 'GET' ? ['If-None-Match'] : []),
    ...(idempotent === true ? ['Idempotency-Key'] : []),
    ...(contract.stream === true ? ['Last-Event-ID'] : []),
    ...(path.startsWith('/api/') && !isSignIn(contract) ? ['Incipit-Revision'] : []),
  ]
  return Object.values(refs('parameters', ...names))
}

const SUCCESSES = { 200: 'Success', 201: 'Created', 202: 'Begun', 204: 'Done', 303: 'Leads on' } as const

function successResponses(contract: Contract): Record<string, ZodOpenApiResponseObject> {
  const { status, output, method, otherwise } = contract
  const headers = refs('headers', ...headerNames(contract))
  const type = contract.stream === true ? 'text/event-stream' : 'application/json'
  const files = contract.download?.map((file) => [file, { schema: { type: 'string' as const } }]) ?? []
  const answer =
    output === undefined ? {} : { content: { [type]: { schema: output }, ...Object.fromEntries(files) } }
  const isConditional = contract.etag === true && method === 'GET'
  return {
    [status]: { description: SUCCESSES[status], headers, ...answer },
    ...(otherwise && {
      [otherwise.status]: { description: SUCCESSES[otherwise.status], headers, ...answer },
    }),
    ...(isConditional && { 304: { description: 'What If-None-Match names still holds', headers } }),
    ...(contract.id === 'getReadiness' && { 503: { description: 'Not ready', headers, ...answer } }),
  }
}

/** It asks for no key, and tells nothing of a workspace. */
const isSignIn = ({ path }: Contract) => path.startsWith('/api/auth/')

function headerNames(contract: Contract): (keyof typeof HEADERS)[] {
  if (isSignIn(contract)) return contract.status === 303 ? ['X-Request-Id', 'Location'] : ['X-Request-Id']
  const changes = contract.ifMatch === true || contract.idempotent === true
  return [
    'X-Request-Id',
    'Incipit-Key-Expires',
    ...(contract.etag === true ? (['ETag'] as const) : []),
    ...(contract.location !== undefined ? (['Location'] as const) : []),
    ...(contract.idempotent === true ? (['Idempotency-Replayed'] as const) : []),
    ...(contract.method === 'GET' ? (['Age', 'Incipit-Stale'] as const) : []),
    ...(changes ? (['Incipit-Revision'] as const) : []),
  ]
}

function problemResponses(contract: Contract): Record<string, ZodOpenApiResponseObject> {
  // Probes refuse pages of other origins, and details to whom they are not for.
  if (contract.id === 'getReadiness') return problems(['unauthenticated', 'forbidden'])
  if (!contract.path.startsWith('/api/')) return problems(['forbidden'])
  const everywhere = [
    'invalid_input',
    'unauthenticated',
    'forbidden',
    'rate_limited',
    'unavailable',
    'internal',
  ] as const
  const codes: ErrorCode[] = [...contract.errors, ...everywhere]
  if (contract.method !== 'GET') codes.push('unsupported_media_type', 'too_large')
  if (contract.idempotent === true) codes.push('conflict', 'unprocessable')
  return problems(codes)
}

function problems(codes: ErrorCode[]): Record<string, ZodOpenApiResponseObject> {
  const statuses = new Set(codes.map((code) => ERROR_CATALOGUE[code].status))
  return Object.fromEntries([...PROBLEMS].filter(([status]) => new Set<number>(statuses).has(status)))
}

/** The one answer that is no JSON. */
const METRICS_PATH: ZodOpenApiPathsObject = {
  '/metrics': {
    get: {
      operationId: 'getMetrics',
      tags: ['Health'],
      summary: 'Metrics in the Prometheus exposition format',
      responses: {
        200: { description: 'Success', content: { 'text/plain': { schema: { type: 'string' } } } },
        ...problems(['unauthenticated', 'forbidden']),
      },
    },
  },
}
