import { anthropicMessages, openAIMessages } from './adapters.ts'
import { makeClient } from './client.ts'
import { isIncipitError as isError } from './http/problem.ts'
import type { CreateClient, IsIncipitError, ToAnthropic, ToOpenAI } from './public.ts'

export type * from './public.ts'

/** Makes a client of one instance; without options of INCIPIT_URL with INCIPIT_API_KEY. */
export const createClient: CreateClient = makeClient as CreateClient

/** Whether something that was thrown is an error of this package. */
export const isIncipitError: IsIncipitError = isError

/** Messages for the chat completions of OpenAI. */
export const toOpenAI: ToOpenAI = openAIMessages

/** System text and messages for the messages of Anthropic. */
export const toAnthropic: ToAnthropic = anthropicMessages
