/** The prompt that is measured: a template of about two kilobytes with ten variables. */
const SECTIONS = [
  [
    'domain',
    'Work in the field named here and use its terms as practitioners do. Say which assumptions you make where the field leaves room.',
  ],
  [
    'audience',
    'Write for this reader. Explain what the reader cannot know, leave out what is obvious, and keep every sentence short enough to be read once.',
  ],
  [
    'goal',
    'Everything in the answer serves this goal. What does not serve it is left out, however interesting it may be.',
  ],
  [
    'input',
    'This is the material. Take facts from it and from nowhere else; where it contradicts itself, say so and name both places.',
  ],
  [
    'constraints',
    'These limits hold without exception. If they cannot all be kept, stop, name the two that conflict, and ask which one matters more.',
  ],
  [
    'format',
    'Give the result in this form and in no other, without an introduction and without a summary at the end.',
  ],
  ['language', 'Write in this language, including headings, labels and the names of examples.'],
  ['examples', 'Follow the manner of these examples, not their content.'],
  [
    'criteria',
    'The result will be judged by these criteria; check each of them before you answer and mend what fails.',
  ],
  [
    'deadline',
    'The answer is needed by this time: prefer what can be finished by then over what would be complete.',
  ],
] as const

export const SAMPLE = {
  name: 'bench_sample',
  title: 'A task described in ten parts',
  description: 'Two kilobytes of template with ten variables, for measurements.',
  template_content: SECTIONS.map(
    ([name, text]) =>
      `## ${name[0]?.toUpperCase()}${name.slice(1)}\n\n{% if ${name} %}{{ ${name} }}{% endif %}\n\n${text}\n`,
  ).join('\n'),
  variables: SECTIONS.map(([name]) => ({
    name,
    type: 'string',
    required: name === 'goal',
    description: `The ${name}`,
  })),
}

/** Arguments that differ from call to call, so that no answer can be a remembered one. */
export function sampleArguments(turn: number): Record<string, string> {
  return Object.fromEntries(
    SECTIONS.map(([name]) => [name, `${name} number ${turn} with a few words to insert`]),
  )
}
