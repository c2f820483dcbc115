import { expect } from 'vitest'
import type { Received, Sent } from './exchange.ts'

/** Calls an operation and holds its answer against the document. */
type Call = (id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

const NOWHERE = '018f0000-0000-7000-8000-000000000000'
const fileOf = (name: string, text: string) => ({
  path: `${name}.md`,
  text: `---\nname: ${name}\n---\n${text}\n`,
})

/** A form as curl sends it. */
function form(files: { path: string; text: string }[], plan?: object): Pick<Sent, 'headers' | 'body'> {
  const boundary = 'a-line-between'
  const parts = files.map(
    ({ path, text }) =>
      `Content-Disposition: form-data; name="file"; filename="${path}"\r\nContent-Type: text/markdown\r\n\r\n${text}`,
  )
  if (plan !== undefined)
    parts.push(`Content-Disposition: form-data; name="plan"\r\n\r\n${JSON.stringify(plan)}`)
  const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}

/** Imports and exports, each with each answer that it declares. @param nobody an address where nobody listens */
export async function callTransfer(call: Call, nobody: string): Promise<void> {
  const path = '/api/import'
  const files = [fileOf('brought', 'Hello {{ who }}'), fileOf('refused', '{{ a | nofilter }}')]
  await call('importPrompts', 200, { path: `${path}?dry_run=true`, ...form(files) })
  const made = await call('importPrompts', 200, { path, ...form(files, { defaults: { tags: ['brought'] } }) })
  expect(made.json).toMatchObject({ counts: { create: 1, refused: 1 } })
  const again = await call('importPrompts', 200, { path, body: { files: [files[0] ?? {}] } })
  expect(again.json).toMatchObject({ items: [{ name: 'brought', action: 'unchanged' }] })
  await call('importPrompts', 404, { path, body: { kept: NOWHERE } })
  await call('importPrompts', 422, { path, ...form([fileOf('refused', '{{ a | nofilter }}')]) })
  await call('importPrompts', 422, { path, ...form([fileOf('../out', 'x')]) })
  await call('importPrompts', 400, { path, body: {} })
  await call('importPrompts', 400, {
    path,
    body: 'no form',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  })
  await call('importPrompts', 415, { path, body: 'name: x', headers: { 'content-type': 'text/yaml' } })
  await call('importPrompts', 502, { path, body: { source: { kind: 'mcp', url: `${nobody}/mcp` } } })
  await call('exportPrompts', 200, { path: '/api/export?prompt=brought&prompt=zero_shot&versions=all' })
  await call('exportPrompts', 404, { path: '/api/export?category=nowhere' })
  const chosen = { prompt: ['brought', 'zero_shot'] }
  await call('exportChosenPrompts', 200, { path: '/api/export', body: chosen })
  await call('exportChosenPrompts', 404, { path: '/api/export', body: { category: 'nowhere' } })
  const counted = await call('countExport', 200, { path: '/api/export/count', body: chosen })
  expect(counted.json).toEqual({ prompts: 2, included: 0 })
  const listed = await call('listImports', 200, { path: '/api/imports?limit=1' })
  expect(listed.json).toMatchObject({ items: [{ counts: { unchanged: 1 } }] })
  const { id: own } = made.json as { id: string }
  await call('getImport', 200, { path: `/api/imports/${own}` })
  await call('getImport', 404, { path: `/api/imports/${NOWHERE}` })
  await call('undoImport', 404, { path: `${path}/${NOWHERE}/undo`, body: {} })
  await call('undoImport', 200, { path: `${path}/${own}/undo`, body: {} })
  await call('undoImport', 409, { path: `${path}/${own}/undo`, body: {} })
}
