import { NoSuchPrompt } from '#components/prompts/page/no-such-prompt.tsx'

export default function PromptNotFound() {
  return <NoSuchPrompt />
}
