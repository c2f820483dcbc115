import { expect, it, vi } from 'vitest'
import { compilePrompt } from '../template.ts'

/**
 * Next bundles routes and instrumentation apart, so a prompt that one copy of the engine compiled is
 * rendered by another. Nothing in a compiled prompt may depend on the identity of a module's own values.
 */
it('renders what another copy of the engine compiled', async () => {
  const compiled = compilePrompt({
    content: {
      kind: 'text',
      template_content:
        '{% if given != blank %}[{{ given | strip }}]{% endif %}{% if list == empty %}none{% endif %}' +
        '{% for item in list %}{{ forloop.index }}{{ item }}{% else %}-{% endfor %}{% case given %}{% when nil %}nil{% endcase %}',
    },
    variables: [
      { name: 'given', type: 'string', required: false },
      { name: 'list', type: 'array', required: false },
    ],
    includes: new Map(),
  })
  vi.resetModules()
  const copy = await import('../template.ts')
  expect(copy.compilePrompt).not.toBe(compilePrompt)
  expect(copy.renderPrompt(compiled, { list: [] }).content).toBe('none-nil')
  expect(copy.renderPrompt(compiled, { given: ' a ', list: ['x'] }).content).toBe('[a]1x')
})
