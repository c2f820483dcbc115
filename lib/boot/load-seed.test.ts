import { describe, expect, it } from 'vitest'
import { contentFrom } from '../prompts/content/content.ts'
import { CreatePromptInput } from '../prompts/schema.ts'
import { checkPrompt, compilePrompt, renderPrompt } from '../prompts/template.ts'
import { declareVariables } from '../prompts/variables/variables.ts'
import { loadSeed, type SeedPrompt } from './load-seed.ts'

const { categories, prompts } = await loadSeed(process.cwd())

/** Required variables carry a `!`. */
const PROMPTS: Record<string, { category: string; variables: string[] }> = {
  business_logic_implementation: {
    category: 'development',
    variables: ['business_domain!', 'requirements!', 'constraints', 'output_format'],
  },
  api_design: {
    category: 'architecture',
    variables: ['resource_name!', 'operations', 'data_structure', 'authentication'],
  },
  database_schema_design: {
    category: 'data',
    variables: ['entity_name!', 'relationships', 'constraints', 'indexes'],
  },
  testing_strategy: {
    category: 'quality',
    variables: ['component_type!', 'test_scenarios!', 'edge_cases', 'coverage_requirements'],
  },
  documentation: {
    category: 'communication',
    variables: ['audience!', 'content_type', 'key_points!', 'examples'],
  },
  zero_shot: { category: 'techniques', variables: ['task_description!', 'context', 'expected_output'] },
  few_shot: {
    category: 'techniques',
    variables: ['task_description!', 'examples!', 'input_format', 'output_format'],
  },
  chain_of_thought: {
    category: 'techniques',
    variables: ['problem_statement!', 'reasoning_steps', 'final_answer_format'],
  },
  tree_of_thoughts: {
    category: 'techniques',
    variables: ['problem!', 'possible_paths', 'evaluation_criteria'],
  },
  react: { category: 'techniques', variables: ['task!', 'available_actions!', 'reasoning_guidance'] },
  self_consistency: {
    category: 'techniques',
    variables: ['task!', 'reasoning_prompts', 'consistency_check'],
  },
  meta_prompting: {
    category: 'techniques',
    variables: ['task_description!', 'prompt_requirements', 'optimization_criteria'],
  },
  prompt_chaining: {
    category: 'techniques',
    variables: ['initial_input!', 'chain_steps!', 'output_processing'],
  },
}

type Variable = SeedPrompt['variables'][number]
type Values = Record<string, unknown>

function compiled(prompt: SeedPrompt) {
  const source = { content: contentFrom(prompt), variables: declareVariables(prompt.variables) }
  return compilePrompt({ ...source, includes: new Map() })
}

function render(prompt: SeedPrompt, given: Values): string {
  return renderPrompt(compiled(prompt), given).content
}

function examples(variables: Variable[]): Values {
  return Object.fromEntries(variables.map((variable) => [variable.name, variable.example]))
}

/** Every choice of optional variables, from none to all. */
function selections(optional: Variable[]): Variable[][] {
  return optional.reduce<Variable[][]>((all, next) => [...all, ...all.map((some) => [...some, next])], [[]])
}

function withoutDefault(prompt: SeedPrompt, variable: Variable): Variable[] {
  const { default: _, ...rest } = variable
  return prompt.variables.map((each) => (each === variable ? rest : each))
}

function emptyValue(variable: Variable): unknown {
  return variable.type === 'array' ? [] : variable.type === 'object' ? {} : ''
}

/** Every text inside a value: what must show up in the output when the value is given. */
function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}

function expectTidy(output: string): void {
  expect(output).not.toMatch(/\n{3}/)
  expect(output).not.toMatch(/[ \t]$/m)
  expect(output).not.toMatch(/^\s|\s$/)
  expect(output).not.toContain('[object Object]')
  expect(output, 'a heading without a text').not.toMatch(/^#+ .*\n+#{1,2} /m)
  expect(output, 'a list or a section ends in nothing').not.toMatch(/:\n\n/)
}

describe('categories', () => {
  it('are the six of the product, in order', () => {
    expect(categories.map((category) => category.slug)).toEqual([
      'development',
      'architecture',
      'data',
      'quality',
      'communication',
      'techniques',
    ])
    expect(categories.map((category) => category.position)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it.each(categories)('$slug has a colour that reads on white and on near-black', ({ color }) => {
    expect(contrast(color, '#ffffff')).toBeGreaterThan(4.5)
    expect(contrast(color, '#0f1115')).toBeGreaterThan(4)
  })
})

describe('prompts', () => {
  it('are the thirteen of the product', () => {
    expect(prompts.map((prompt) => prompt.name)).toEqual(Object.keys(PROMPTS).toSorted())
    expect(prompts.flatMap((prompt) => prompt.aliases ?? [])).toEqual(['business_logic'])
  })
})

describe.each(prompts)('$name', (prompt) => {
  const required = prompt.variables.filter((variable) => variable.required)
  const optional = prompt.variables.filter((variable) => !variable.required)

  it('has the category and variables of the product', () => {
    expect({
      category: prompt.category,
      variables: prompt.variables.map((variable) => variable.name + (variable.required ? '!' : '')),
    }).toEqual(PROMPTS[prompt.name])
    expect(categories.map((category) => category.slug)).toContain(prompt.category)
  })

  it('is what the API accepts, and uses each declared variable and no other', () => {
    expect(CreatePromptInput.parse(prompt)).toEqual(prompt)
    const variables = declareVariables(prompt.variables)
    const { problems, warnings } = checkPrompt({ content: contentFrom(prompt), variables })
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] })
  })

  it('has a title and a description that help to choose', () => {
    expect(prompt.title.length).toBeLessThanOrEqual(40)
    expect(prompt.description).toMatch(/Use it /)
    expect(prompt.description.length).toBeLessThanOrEqual(300)
  })

  it('renders alike from texts, as a query string has them, and from JSON', () => {
    const values = examples(prompt.variables)
    const query = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    expect(render(prompt, Object.fromEntries(query))).toBe(render(prompt, values))
  })

  it.each(selections(optional).map((chosen) => [chosen.map((v) => v.name).join(', ') || 'nothing', chosen]))(
    'renders tidily with %s besides the required',
    (_, given) => {
      const output = render(prompt, examples([...required, ...given]))
      expectTidy(output)
      for (const variable of [...required, ...given]) {
        if (variable.type === 'enum') continue
        for (const leaf of leaves(variable.example)) expect(output.replaceAll('\\"', '"')).toContain(leaf)
      }
    },
  )

  it.each(optional.filter((v) => v.type !== 'enum'))('leaves no trace of an empty $name', (variable) => {
    const others = examples(prompt.variables.filter((other) => other !== variable))
    const output = render(prompt, { ...others, [variable.name]: emptyValue(variable) })
    expectTidy(output)
    expect(output).toBe(render({ ...prompt, variables: withoutDefault(prompt, variable) }, others))
  })

  it('does not mind line ends around a text', () => {
    const values = examples(prompt.variables)
    const padded = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'string' ? `\n${value}\n\n` : value,
      ]),
    )
    const enums = prompt.variables.filter((variable) => variable.type === 'enum')
    expect(render(prompt, { ...padded, ...examples(enums) })).toBe(render(prompt, values))
  })

  it.each(prompt.variables.filter((v) => v.enum))('has a text of its own for each $name', (variable) => {
    const choices = variable.enum ?? []
    const values = examples(prompt.variables)
    const outputs = choices.map((choice) => render(prompt, { ...values, [variable.name]: choice }))
    for (const output of outputs) expectTidy(output)
    expect(new Set(outputs).size).toBe(choices.length)
  })
})

describe('lists of objects', () => {
  const byName = new Map(prompts.map((prompt) => [prompt.name, prompt]))

  it.each([
    ['few_shot', 'examples'],
    ['react', 'available_actions'],
    ['prompt_chaining', 'chain_steps'],
  ])('%s takes plain strings for %s too', (name, variable) => {
    const prompt = byName.get(name)
    if (!prompt) throw new Error(`${name} is missing`)
    const output = render(prompt, {
      ...examples(prompt.variables),
      [variable]: ['first item', 'second item'],
    })
    expectTidy(output)
    expect(output).toContain('first item')
    expect(output).toContain('second item')
  })
})

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
