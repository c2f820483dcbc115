import { endpoint } from '../contract.ts'
import {
  archivePromptContract,
  bulkPromptsContract,
  createPromptContract,
  duplicatePromptContract,
  getPromptContract,
  listPromptsContract,
  listTagsContract,
  listUsedByContract,
  patchPromptContract,
} from './contract.ts'
import {
  createExampleContract,
  deleteExampleContract,
  listExamplesContract,
  replaceExampleContract,
} from './example-contract.ts'
import {
  deleteLabelContract,
  getDraftImpactContract,
  getImpactContract,
  listLabelsContract,
  setLabelContract,
} from './label-contract.ts'
import { archivePrompt } from './operations/archive-prompt.ts'
import { bulkPrompts } from './operations/bulk-prompts.ts'
import { createPrompt } from './operations/create-prompt.ts'
import { createVersion } from './operations/create-version.ts'
import { deleteLabel } from './operations/delete-label.ts'
import { diffVersions } from './operations/diff-versions.ts'
import { duplicatePrompt } from './operations/duplicate-prompt.ts'
import { createExample } from './operations/examples/create-example.ts'
import { deleteExample } from './operations/examples/delete-example.ts'
import { listExamples } from './operations/examples/list-examples.ts'
import { replaceExample } from './operations/examples/replace-example.ts'
import { getPrompt } from './operations/get-prompt.ts'
import { getVersion } from './operations/get-version.ts'
import { getDraftImpact } from './operations/impact/get-draft-impact.ts'
import { getImpact } from './operations/impact/get-impact.ts'
import { reportUses } from './operations/impact/report-uses.ts'
import { listLabels } from './operations/list-labels.ts'
import { listPrompts } from './operations/list-prompts.ts'
import { listUsedBy } from './operations/list-used-by.ts'
import { listVersions } from './operations/list-versions.ts'
import { listTags } from './operations/names/list-tags.ts'
import { patchPrompt } from './operations/patch-prompt.ts'
import { downloadSkill } from './operations/published/download-skill.ts'
import { getSkill } from './operations/published/get-skill.ts'
import { renderDraft } from './operations/render-draft.ts'
import { renderPrompt } from './operations/render-prompt.ts'
import { renderPromptByQuery } from './operations/render-prompt-by-query.ts'
import { setLabel } from './operations/set-label.ts'
import { renderDraftContract, renderPromptByQueryContract, renderPromptContract } from './render-contract.ts'
import { getSkillContract } from './skill/contract.ts'
import { reportUsesContract } from './use-contract.ts'
import {
  createVersionContract,
  diffVersionsContract,
  getVersionContract,
  listVersionsContract,
} from './version-contract.ts'

/** What REST offers of prompts, their versions, labels, examples and renders, in the order of its document. */
export const promptRoutes = [
  endpoint(listPromptsContract, listPrompts, 'prompts:read'),
  endpoint(createPromptContract, createPrompt, 'prompts:write'),
  endpoint(getPromptContract, getPrompt, 'prompts:read'),
  endpoint(patchPromptContract, patchPrompt, 'prompts:write'),
  endpoint(archivePromptContract, archivePrompt, 'prompts:write'),
  endpoint(duplicatePromptContract, duplicatePrompt, 'prompts:write'),
  endpoint(listUsedByContract, listUsedBy, 'prompts:read'),
  endpoint(bulkPromptsContract, bulkPrompts, 'prompts:write'),
  endpoint(
    getSkillContract,
    (actor, { format, ...input }) =>
      format === 'json' ? getSkill(actor, input) : downloadSkill(actor, input),
    'prompts:read',
  ),
  endpoint(listTagsContract, listTags, 'prompts:read'),
  endpoint(listVersionsContract, listVersions, 'prompts:read'),
  endpoint(createVersionContract, createVersion, 'prompts:write'),
  endpoint(getVersionContract, getVersion, 'prompts:read'),
  endpoint(diffVersionsContract, diffVersions, 'prompts:read'),
  endpoint(listLabelsContract, listLabels, 'prompts:read'),
  endpoint(setLabelContract, setLabel, 'prompts:write', { or: 'prompts:release' }),
  endpoint(deleteLabelContract, deleteLabel, 'prompts:write', { or: 'prompts:release' }),
  endpoint(getImpactContract, getImpact, 'usage:read'),
  endpoint(getDraftImpactContract, getDraftImpact, 'usage:read'),
  endpoint(listExamplesContract, listExamples, 'prompts:read'),
  endpoint(createExampleContract, createExample, 'prompts:write'),
  endpoint(replaceExampleContract, replaceExample, 'prompts:write'),
  endpoint(deleteExampleContract, deleteExample, 'prompts:write'),
  endpoint(renderPromptByQueryContract, renderPromptByQuery, 'prompts:read'),
  endpoint(renderPromptContract, renderPrompt, 'prompts:read'),
  endpoint(renderDraftContract, renderDraft, 'prompts:read'),
  endpoint(reportUsesContract, reportUses, 'prompts:read'),
]
