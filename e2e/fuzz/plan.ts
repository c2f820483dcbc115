import type { Schema } from './schema-values.ts'

export interface Parameter {
  $ref?: string
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  schema: Schema
}

/** An operation of the OpenAPI document, as far as requests are made from it. */
export interface Described {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> }
}

export interface OpenApi {
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> }
}

/** A request before what is known of the app is put into it. */
export interface Plan {
  /** undefined: the path does not have the method. */
  operationId: string | undefined
  method: string
  /** Parts of the path: texts as they are, or a value to be encoded. */
  path: (string | { value: unknown })[]
  query: (string | { name: string; value: unknown })[]
  headers: Record<string, unknown>
  /** JSON, or bytes that are none. */
  body: { json: unknown } | { raw: Uint8Array | string } | undefined
}
