import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { IncludedPrompt } from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import { threadMs } from '../../testing/time/processor-time.ts'
import { skillName } from '../rules.ts'
import { buildSkill, type SkillSource } from './build-skill.ts'

const BARE: SkillSource = {
  name: 'api_design',
  title: '',
  description: 'Designs an API. Use it for new services.',
  content: { kind: 'text', template_content: 'Think in resources.' },
  variables: [],
  includes: new Map(),
}

function included(
  name: string,
  version: number,
  text: string,
  more: Partial<IncludedPrompt> = {},
): IncludedPrompt {
  return { name, version, text, variables: [], includes: new Map(), ...more }
}

function textsOf(source: Partial<SkillSource>): Record<string, string> {
  const { files } = buildSkill({ ...BARE, ...source })
  return Object.fromEntries(files.map(({ path, text }) => [path, text]))
}

const text = (template_content: string) => ({ kind: 'text' as const, template_content })

/** Behind the front matter. */
function bodyOf(source: Partial<SkillSource>): string | undefined {
  return textsOf(source)['SKILL.md']?.split('---\n\n')[1]
}

describe('the name of a skill', () => {
  it.each([
    ['api_design', 'api-design'],
    ['a__b-_c_', 'a-b-c'],
    ['42', '42'],
  ])('%s is %s', (name, expected) => expect(skillName(name)).toBe(expected))

  it('is one as the specification wants it, whatever the prompt is called', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/), (name) => {
        expect(skillName(name)).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      }),
    )
  })
})

describe('SKILL.md', () => {
  it('is the text as it is, where nothing is to be filled in', () => {
    expect(textsOf({})).toEqual({
      'SKILL.md':
        '---\nname: "api-design"\ndescription: "Designs an API. Use it for new services."\n---\n\nThink in resources.\n',
    })
  })

  it('tells its inputs before the instructions, and how to read what stands for them', () => {
    const variables: Variable[] = [
      { name: 'topic', type: 'string', required: true, description: 'What it is\nabout' },
      { name: 'tone', type: 'enum', required: false, enum: ['kind', 'stern'], default: 'kind' },
      { name: 'history', type: 'messages', required: false },
    ]
    const content = text('Write about {{ topic }}.{% if tone %} Be {{ tone }}.{% endif %}')
    expect(bodyOf({ content, variables })).toBe(`## Inputs

Take these from the conversation before you begin. Ask for a required one that is missing, and leave out what depends on an optional one that you were not given.

- \`topic\` (string, required): What it is about
- \`tone\` (enum, optional): One of: kind, stern. Default: kind

Below, \`{{ topic }}\` stands for the value of that name; \`{% … %}\` marks, in Liquid, what holds only under a condition or once for each item.

## Instructions

Write about {{ topic }}.{% if tone %} Be {{ tone }}.{% endif %}
`)
  })

  it('has raw text as it is meant and no comments, with the white space that dashes take away', () => {
    const content = text(
      'a {%- comment %} no {% endcomment -%}  b {% raw %}{{ x }}{% endraw %}{% # no %} {%- raw -%} c {%- endraw -%}\nd',
    )
    expect(bodyOf({ content })).toBe('ab {{ x }} c d\n')
  })

  it('loses the white space before a dash, however many marks it stands between', () => {
    expect(bodyOf({ content: text('a {% comment %}{% endcomment %} {%- # no %}b') })).toBe('ab\n')
  })

  it('is made in no time of a long text with very many of them', () => {
    const content = text(`${'x'.repeat(190)}{%- # no %}`.repeat(5000))
    let body: string | undefined
    expect(threadMs(() => (body = bodyOf({ content })), 1_000)).toBeLessThan(1_000)
    expect(body).toBe(`${'x'.repeat(190 * 5000)}\n`)
  })

  it('leaves a literal text alone', () => {
    const content = { ...text('{{ x }} {% raw %} {% render "a" %}'), format: 'text' as const }
    expect(bodyOf({ content })).toBe('{{ x }} {% raw %} {% render "a" %}\n')
  })

  it('has the messages of a chat under their roles', () => {
    const content = {
      kind: 'chat' as const,
      messages: [
        { role: 'system' as const, content: 'Be brief.' },
        { type: 'placeholder' as const, name: 'history' },
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'One.' },
            { type: 'text' as const, text: 'Two.' },
          ],
        },
      ],
    }
    expect(bodyOf({ content })).toBe(
      '## System\n\nBe brief.\n\n## Conversation\n\nThe conversation so far belongs here.\n\n## User\n\nOne.\n\nTwo.\n',
    )
    expect(bodyOf({ content: { ...content, messages: content.messages.slice(2) } })).toBe('One.\n\nTwo.\n')
  })

  it('has front matter that YAML reads back, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string({ unit: 'binary' }).filter((title) => title.isWellFormed()),
        (description, title) => {
          const { frontMatter, files } = buildSkill({ ...BARE, name: 'true', description, title })
          const [, yaml = ''] = files[0]?.text.split(/^---$/m) ?? []
          expect(parse(yaml)).toEqual(frontMatter)
        },
      ),
    )
  })
})

describe('what a skill includes', () => {
  const deep = included('deep', 2, 'Deep.')
  const tone = included('tone_rules', 1, 'Be {{ mood }}. {% render "deep" %}', {
    variables: [{ name: 'mood', type: 'string', required: true }],
    includes: new Map([['deep', deep]]),
  })
  const includes = new Map([['tone_rules', tone]])
  const content = text(
    'Begin. {% render "tone_rules", mood: "kind" %} {% render "tone_rules", mood: `x` %}End.',
  )

  it('is a file of its own, with a link and what is passed in its place', () => {
    const texts = textsOf({ content, includes })
    expect(Object.keys(texts)).toEqual(['SKILL.md', 'references/deep.md', 'references/tone_rules.md'])
    expect(bodyOf({ content, includes })).toBe(
      'Begin. [Read references/tone_rules.md here](references/tone_rules.md) (with `mood: "kind"`) [Read references/tone_rules.md here](references/tone_rules.md) (with `` mood: `x` ``)End.\n',
    )
    expect(texts['references/tone_rules.md']).toContain('- `mood` (string, required)')
    expect(texts['references/tone_rules.md']).toContain('[Read references/deep.md here](references/deep.md)')
    expect(texts['references/deep.md']).toBe('Deep.\n')
  })

  it('has its version in the name of its file where there are several of one name', () => {
    const other = included('deep', 3, 'Deeper.')
    const both = new Map([...includes, ['deep@3', other]])
    const texts = textsOf({
      content: text('{% render "deep@3" %} {% render "tone_rules" %}'),
      includes: both,
    })
    expect(Object.keys(texts)).toEqual([
      'SKILL.md',
      'references/deep.v2.md',
      'references/deep.v3.md',
      'references/tone_rules.md',
    ])
    expect(texts['SKILL.md']).toContain('(references/deep.v3.md)')
    expect(texts['references/tone_rules.md']).toContain('(references/deep.v2.md)')
  })

  it('has no other name when the prompt is renamed that it is of', () => {
    const renamed = new Map([['tone_rules', { ...tone, name: 'voice' }]])
    expect(textsOf({ content, includes: renamed })).toEqual(textsOf({ content, includes }))
  })
})

describe('digests', () => {
  it('are those of the bytes, and the same each time', () => {
    const source = { ...BARE, content: text('Grüße 🎉') }
    const [file] = buildSkill(source).files
    expect(file?.size).toBe(Buffer.byteLength(file?.text ?? ''))
    expect(file?.sha256).toBe(
      createHash('sha256')
        .update(file?.text ?? '')
        .digest('hex'),
    )
    expect(buildSkill(structuredClone(source)).files).toEqual(buildSkill(source).files)
  })
})
