import type { z } from 'zod'
import type { Scope } from '../../access/rules.ts'
import type { ErrorCode } from '../../errors.ts'
import { parseArguments } from '../arguments.ts'
import { type Block, textBlock } from '../blocks.ts'
import type { Caller } from '../caller.ts'
import type { JsonObject } from '../transport/message.ts'
import { inputSchema, outputSchema } from './plain-schema.ts'

/** The answer of a tool, in the shape of `tools/call`. */
export interface ToolAnswer extends JsonObject {
  content: Block[]
  structuredContent?: JsonObject
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

/** Sets something: once more changes nothing. */
export const SETS: Annotations = { ...ADDS, idempotentHint: true }

/** Calls a model elsewhere, at a price. */
export const CALLS_OUT: Annotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
}

interface Declaration<I extends z.ZodType, O extends z.ZodType<JsonObject>> {
  name: string
  /** What its operation asks for: a client without it is refused before the call, and can ask its user for more. */
  scope: Scope
  title: string
  description: string
  annotations: Annotations
  input: I
  /**
   * The same as data. Half of the clients show their model nothing else, so it says all that the text says;
   * left out where the text itself is what was asked for.
   */
  output?: O
  /** Reads the arguments without the schema where the result is certainly the same; undefined: use the schema. */
  fastPath?: (given: JsonObject) => z.infer<I> | undefined
  /** The operation behind counts the call itself, with the prompt that it found. */
  countsItself?: boolean
  /** The remedy for an error, where this tool has better advice than the general one. */
  advice?: Partial<Record<ErrorCode, string>>
  run(
    caller: Caller,
    input: z.infer<I>,
  ): Promise<{ text: Block[] | string; data?: z.infer<O>; meta?: JsonObject }>
}

export interface BuiltInTool {
  readonly name: string
  readonly scope: Scope
  /** The tool as `tools/list` shows it. */
  readonly listed: JsonObject
  readonly countsItself: boolean
  /** Whether it changes nothing: it is offered at `?tools=read`. */
  readonly isReading: boolean
  readonly advice: Partial<Record<ErrorCode, string>>
  /** @throws invalid_input for arguments that do not fit, and what the operation throws */
  readArguments(value: JsonObject): (caller: Caller) => Promise<ToolAnswer>
}

/** Declares a built-in tool; its JSON Schemas are made from the schemas it checks by. */
export function tool<I extends z.ZodType, O extends z.ZodType<JsonObject>>(
  declared: Declaration<I, O>,
): BuiltInTool {
  const { name, scope, title, description, annotations, input, output, advice = {} } = declared
  const shown = inputSchema(input)
  return {
    name,
    scope,
    countsItself: declared.countsItself ?? false,
    isReading: annotations.readOnlyHint,
    advice,
    listed: {
      name,
      title,
      description,
      inputSchema: shown,
      ...(output === undefined ? {} : { outputSchema: outputSchema(output) }),
      annotations: { title, ...annotations },
    },
    readArguments(value) {
      const checked = declared.fastPath?.(value) ?? parseArguments(input, shown, value)
      return async (caller) => {
        const { text, data, meta } = await declared.run(caller, checked)
        return {
          content: typeof text === 'string' ? [textBlock(text)] : text,
          ...(data === undefined ? {} : { structuredContent: data }),
          ...(meta === undefined ? {} : { _meta: meta }),
        }
      }
    },
  }
}
