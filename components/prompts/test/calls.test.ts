import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { toCurl, toDraftCurl, toMcpCall } from './calls.ts'

describe('toCurl', () => {
  it('keeps quotes, braces and line ends through a shell', () => {
    const variables = { text: `it's "quoted" $HOME {{ x }} <&>\n\\n`, count: 3 }
    const line = toCurl('http://localhost:3000', { name: 'demo', version: 2 }, variables)
    const shown = execFileSync('/bin/sh', ['-c', line.replace(/^curl -sS/, `printf '%s\\0'`)], {
      encoding: 'utf8',
    }).split('\0')
    expect(shown[0]).toBe('http://localhost:3000/api/prompts/demo/render')
    expect(JSON.parse(shown[4] ?? '')).toEqual({ variables, version: 2 })
  })
})

describe('toDraftCurl', () => {
  it('sends the draft with its variables and values, whatever quotes they hold', () => {
    const content = { kind: 'text', template_content: `it's {{ x }} "$(id)" \`ls\`` } as const
    const variables = [{ name: 'x', type: 'string', required: true } as const]
    const line = toDraftCurl(`http://localhost:3000`, { content, variables }, { x: "'; rm -rf /" })
    const shown = execFileSync('/bin/sh', ['-c', line.replace(/^curl -sS/, `printf '%s\\0'`)], {
      encoding: 'utf8',
    }).split('\0')
    expect(shown[0]).toBe('http://localhost:3000/api/render')
    expect(JSON.parse(shown[4] ?? '')).toEqual({
      template_content: content.template_content,
      variables,
      values: { x: "'; rm -rf /" },
    })
  })
})

describe('toMcpCall', () => {
  it('gets production with texts', () => {
    expect(JSON.parse(toMcpCall({ name: 'demo', label: 'production' }, { list: [1], flag: true }))).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'prompts/get',
      params: { name: 'demo', arguments: { list: '[1]', flag: 'true' } },
    })
  })

  it('asks the tool for another label or version', () => {
    const call = JSON.parse(toMcpCall({ name: 'demo', label: 'staging' }, { list: [1] })) as unknown
    expect(call).toMatchObject({
      method: 'tools/call',
      params: {
        name: 'render_prompt',
        arguments: { template_name: 'demo', label: 'staging', variables: { list: [1] } },
      },
    })
  })
})
