import { contract, DELETE_ONE, READ_ONE } from '../contract.ts'
import { DraftImpact, DraftImpactInput, Impact, ImpactQuery } from './impact/schema.ts'
import { LabelChange, LabelList, LabelPath, ListLabelsQuery, SetLabelInput } from './label-schema.ts'
import { PromptPath } from './schema.ts'

const TAG = 'Labels'

export const listLabelsContract = contract({
  id: 'listLabels',
  method: 'GET',
  path: '/api/prompts/{name}/labels',
  tag: TAG,
  summary: 'List the labels of a prompt and their last moves',
  params: PromptPath,
  query: ListLabelsQuery,
  output: LabelList,
  ...READ_ONE,
})

export const setLabelContract = contract({
  id: 'setLabel',
  method: 'PUT',
  path: '/api/prompts/{name}/labels/{label}',
  tag: TAG,
  summary: 'Set a label, or move it to another version',
  description:
    'Moving `production` is a release: agents get the version from now on. Protected labels take the right prompts:release. `breaking` tells what the version refuses of what callers do; where the label’s rule has `contract: "required"`, such a move is refused unless `accept_breaking` is true.',
  params: LabelPath,
  body: SetLabelInput,
  output: LabelChange,
  status: 200,
  errors: [
    'forbidden',
    'not_found',
    'conflict',
    'precondition_failed',
    'precondition_required',
    'unprocessable',
  ],
  etag: true,
  ifMatch: true,
})

export const deleteLabelContract = contract({
  id: 'deleteLabel',
  method: 'DELETE',
  path: '/api/prompts/{name}/labels/{label}',
  tag: TAG,
  summary: 'Remove a label',
  params: LabelPath,
  ...DELETE_ONE,
})

export const getImpactContract = contract({
  id: 'getImpact',
  method: 'GET',
  path: '/api/prompts/{name}/impact',
  tag: TAG,
  summary: 'Who would be refused if another version took the place of the one in use',
  description:
    'Compares the variables of two versions and tells who used the older one with which of them. Values are not known: where a variable takes fewer values, its callers may be refused.',
  params: PromptPath,
  query: ImpactQuery,
  output: Impact,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const getDraftImpactContract = contract({
  id: 'getDraftImpact',
  method: 'POST',
  path: '/api/prompts/{name}/impact',
  tag: TAG,
  summary: 'Who would be refused by a version that is not saved yet',
  description:
    'As with GET, for variables that are sent: an editor, or a check of a pull request, asks before it saves. Nothing is kept.',
  params: PromptPath,
  body: DraftImpactInput,
  output: DraftImpact,
  status: 200,
  errors: ['forbidden', 'not_found', 'too_large', 'unprocessable'],
})
