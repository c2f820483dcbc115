import { contract } from '../contract.ts'
import { LabelChange, LabelList, LabelPath, SetLabelInput } from './label-schema.ts'
import { PromptPath } from './schema.ts'

const TAG = 'Labels'

export const listLabelsContract = contract({
  id: 'listLabels',
  method: 'GET',
  path: '/api/prompts/{name}/labels',
  tag: TAG,
  summary: 'List the labels of a prompt and their last moves',
  params: PromptPath,
  output: LabelList,
  status: 200,
  errors: ['forbidden', 'not_found'],
  etag: true,
})

export const setLabelContract = contract({
  id: 'setLabel',
  method: 'PUT',
  path: '/api/prompts/{name}/labels/{label}',
  tag: TAG,
  summary: 'Set a label, or move it to another version',
  description:
    'Moving `production` is a release: agents get the version from now on. Protected labels take the right prompts:release.',
  params: LabelPath,
  body: SetLabelInput,
  output: LabelChange,
  status: 200,
  errors: ['forbidden', 'not_found', 'precondition_failed', 'precondition_required', 'unprocessable'],
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
  status: 204,
  errors: ['forbidden', 'not_found', 'precondition_failed', 'precondition_required'],
  ifMatch: true,
})
