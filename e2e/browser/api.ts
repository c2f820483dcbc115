import type { APIRequestContext } from '@playwright/test'

let made = 0

/** A name that no other test of the run uses. */
export function uniqueName(word: string): string {
  made += 1
  return `${word}_${process.pid}_${made}`
}

/** Creates a prompt over REST, as an integrator would. */
export async function createPrompt(request: APIRequestContext, body: Record<string, unknown>) {
  const response = await request.post('/api/prompts', { data: body })
  if (!response.ok()) throw new Error(`POST /api/prompts: ${response.status()} ${await response.text()}`)
  return (await response.json()) as { name: string; version: number; etag: string }
}

/** Saves a new version of a prompt. */
export async function createVersion(
  request: APIRequestContext,
  prompt: { name: string; etag: string },
  body: Record<string, unknown>,
) {
  const response = await request.post(`/api/prompts/${prompt.name}/versions`, {
    data: body,
    headers: { 'if-match': prompt.etag },
  })
  if (!response.ok()) throw new Error(`POST versions: ${response.status()} ${await response.text()}`)
  return (await response.json()) as { name: string; version: number; etag: string }
}

/** Moves a label of a prompt to a version. */
export async function setLabel(
  request: APIRequestContext,
  prompt: { name: string; etag: string },
  label: string,
  version: number,
) {
  const response = await request.put(`/api/prompts/${prompt.name}/labels/${label}`, {
    data: { version },
    headers: { 'if-match': prompt.etag },
  })
  if (!response.ok()) throw new Error(`PUT label: ${response.status()} ${await response.text()}`)
}

/** Creates an AI configuration; `provider` is the echo of the house unless the body says otherwise. */
export async function createConfiguration(
  request: APIRequestContext,
  body: Record<string, unknown>,
): Promise<string> {
  const name = uniqueName('conf')
  const data = { name, provider: 'echo', model: 'echo-fast', ...body }
  const response = await request.post('/api/ai/configurations', { data })
  if (!response.ok()) throw new Error(`POST configuration: ${response.status()} ${await response.text()}`)
  return name
}

/** Runs a prompt and waits for the end; answers the finished generation. */
export async function generate(request: APIRequestContext, body: Record<string, unknown>) {
  const response = await request.post('/api/generations', { data: { wait: 30, ...body } })
  if (response.status() !== 200)
    throw new Error(`POST generation: ${response.status()} ${await response.text()}`)
  return (await response.json()) as { id: string; status: string; text: string | null }
}
