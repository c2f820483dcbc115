import { expect, it } from 'vitest'
import { type ProblemDetail, ProblemError } from '#lib/rest/client.ts'
import { faultsIn } from './use-form.ts'

const refusal = (errors: Partial<ProblemDetail>[]) =>
  new ProblemError({
    status: 422,
    code: 'unprocessable',
    title: 'Refused',
    detail: 'It cannot be used.',
    errors: errors.map((error) => ({ in: 'body', path: [], code: 'wrong', message: '', ...error })),
  })

it('tells each fault at its field: the first of each, as sentences', () => {
  const error = refusal([
    { path: ['name'], message: 'is taken', hint: 'Choose another.' },
    { path: ['name'], message: 'is too long' },
    { path: ['aliases', 2], message: 'is no name.' },
  ])
  expect(faultsIn(error, ['name', 'aliases'])).toEqual({
    name: 'is taken. Choose another.',
    aliases: 'is no name.',
  })
})

it('tells the whole refusal where a fault is in no field of the form', () => {
  const error = refusal([
    { path: ['name'], message: 'is taken' },
    { path: ['tags'], message: 'are wrong' },
  ])
  expect(faultsIn(error, ['name'])).toEqual({ name: 'is taken.', '': 'It cannot be used.' })
})

it('tells what is no fault of a field', () => {
  expect(faultsIn(refusal([]), ['name'])).toEqual({ '': 'It cannot be used.' })
  expect(faultsIn(new Error('The server cannot be reached.'), ['name'])).toEqual({
    '': 'The server cannot be reached.',
  })
})
