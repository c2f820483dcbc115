import { describe, expect, it } from 'vitest'
import { textContent } from '../../prompts/template/testing.ts'
import { checkWithFixes } from '../../prompts/template.ts'
import { findDialects } from './find.ts'

/** What is just what it says. */
const QUIET: readonly string[] = [
  'Plain words.',
  'Answer as JSON: {"a": 1, "b": {"c": [1, 2]}}',
  '{\n  "question": "…",\n  "tags": ["{a}"]\n}',
  'body { color: red; }\n.a { margin: 0 } {foo}',
  '\\frac{a}{b}, x^{n}, x_{i}, \\textbf{word} and $x$',
  'function f(x) { return {a} }',
  "import {useState} from 'react'",
  '```js\nconst x = {a}\n```',
  'GET /users/{id}/posts/{post_id}',
  'for i in {1..3}; do echo ${i}; done',
  'echo $HOME and ${PATH}',
  'It costs $5 or ${{ price }}',
  '## Heading {#anchor}\n${#list[@]} #}',
  '{{ q }} and a word in {braces}',
  'Call {{ x }} with $y and ${z}',
  '{% raw %}{{#if x}} {y!r} None {# a #}{% endraw %}',
  '{% comment %}{{#if x}} {y!r}{% endcomment %}{% # {z} %}',
  '{% if x == "None" %}True{% endif %}{{ x.None }}',
  '{% for loop in loops %}{{ loop.index }}{% endfor %}',
  '{% if a or b and not c %}{% endif %}{{ a contains b }}',
  '{{ a | default: "x (y)" }} {{ b | replace: "a?", "b:" }}',
  'Example:\nsystem:\nYou help.',
  'User: hi\nAssistant: hello\nUser: {{ q }}',
  'System: the human body\nis one.',
  '---\nA rule\n---\nText',
  '{{ none }} {{ x }}}',
  '[link](a) <tag> [[wiki]]',
  '{{ video.length }} s',
  '{% for x in xs %}{{ forloop.length }}{% endfor %}',
  "{{ 'Hello {name}' }}",
  "```python\nlog(format='%(asctime)s %(message)s')\n```",
  '```yaml\nimage: ${image}\n```',
  '```kotlin\nval a = "Hi ${name}"\n```',
  '```erb\n<%= title %>\n```',
  '```jinja\n{# note #}\n```',
  'Explain `%(name)s`, `{# note #}`, `<%= x %>` and `${name}`.',
  'Use the $match and $group stages.',
  'Resolve every $ref, as $schema and $defs say.',
  'The $scope of AngularJS is gone.',
  'In PHP, $user->name reads a member.',
  'User:\nAda Lovelace\n\nCompany:\nAcme\n\nWrite a letter.',
  'Model:\nX1 Carbon\n\nSerial:\n123',
  'AI:\nArtificial intelligence is a field.',
  'System:\nLinux\n\nTask: find the bug.',
  'System: Linux 6.1\nUser: root\nFix it.',
  'Return {null} or {true}.',
  '<a href={url}>{label}</a>',
  'Replace {0} by the number.',
]

describe('what is meant as it is written', () => {
  it.each(QUIET)('%j', (text) => {
    expect(findDialects([text], { kind: 'text', declared: new Set() })).toEqual([[]])
    const content = textContent(text)
    expect(checkWithFixes({ content, variables: [] }).warnings).toEqual([])
  })

  it('is everything in a literal prompt', () => {
    const context = { kind: 'text', format: 'text', declared: new Set<string>() } as const
    expect(findDialects(['system:\n{x!r} {{#if}}', '{# a #}'], context)).toEqual([[], []])
  })

  it('is a role in a message of a chat, and a word in braces beside the Liquid of another message', () => {
    const context = { kind: 'chat', declared: new Set<string>() } as const
    expect(findDialects(['system:\nSay {word}', '{{ q }}'], context)).toEqual([[], []])
  })
})
