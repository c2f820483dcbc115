import { z } from 'zod'
import { ContentPart } from '../../prompts/content/content.ts'
import { parseArguments } from '../arguments.ts'
import type { Block } from '../blocks.ts'
import type { Caller } from '../caller.ts'
import type { JsonObject } from '../message.ts'

/** What a tool answers: for the model to read, and the same as data. */
export interface ToolAnswer {
  content: Block[]
  structuredContent: JsonObject
}

/** Hints for clients (2025-11-25, "Tool annotations"). */
interface Annotations {
  readOnlyHint: boolean
  destructiveHint: boolean
  idempotentHint: boolean
  /** Whether it reaches beyond the registry. */
  openWorldHint: boolean
}

export const READS: Annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}
export const ADDS: Annotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
}

/** Asks a model somewhere, and pays for it. */
export const CALLS_OUT: Annotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
}

interface Declaration<I extends z.ZodType, O extends z.ZodType<JsonObject>> {
  name: string
  title: string
  description: string
  annotations: Annotations
  input: I
  output: O
  /** Reads the arguments without the schema where that is plainly the same; undefined: ask the schema. */
  quick?: (given: JsonObject) => z.infer<I> | undefined
  /** The operation behind counts the call itself, with the prompt that it found. */
  countsItself?: boolean
  run(caller: Caller, input: z.infer<I>): Promise<{ text: Block[] | string; data: z.infer<O> }>
}

export interface BuiltInTool {
  readonly name: string
  /** The tool as `tools/list` shows it. */
  readonly listed: JsonObject
  readonly countsItself: boolean
  /** @throws invalid_input for arguments that do not fit, and what the operation throws */
  readArguments(value: JsonObject): (caller: Caller) => Promise<ToolAnswer>
}

/** Declares a built-in tool; its JSON Schemas are made from the schemas it checks by. */
export function tool<I extends z.ZodType, O extends z.ZodType<JsonObject>>(
  declared: Declaration<I, O>,
): BuiltInTool {
  const { name, title, description, annotations, input, output } = declared
  return {
    name,
    countsItself: declared.countsItself ?? false,
    listed: {
      name,
      title,
      description,
      inputSchema: toSchema(input, 'input'),
      outputSchema: toSchema(output, 'output'),
      annotations: { title, ...annotations },
    },
    readArguments(value) {
      const checked = declared.quick?.(value) ?? parseArguments(input, value)
      return async (caller) => {
        const { text, data } = await declared.run(caller, checked)
        const content = typeof text === 'string' ? [{ type: 'text', text }] : text
        return { content, structuredContent: data }
      }
    },
  }
}

/** Told in the place of the five shapes of a part, which would be two thirds of a tool's definition. */
const PART = {
  type: 'object',
  description: 'A content block as MCP has them: text, image, audio, resource or resource_link',
} as const

function toSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  return z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema }) {
      if (zodSchema !== ContentPart) return
      delete jsonSchema.oneOf
      delete jsonSchema.anyOf
      Object.assign(jsonSchema, PART)
    },
  })
}
