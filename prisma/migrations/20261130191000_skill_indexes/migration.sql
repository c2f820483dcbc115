-- Works beside versions from 0.2.0 on.

-- In a transaction of its own, without the new column's lock: prompts are read while these are made, and saved when they
-- are.
CREATE INDEX prompt_version_skills ON prompt_version (workspace_id, prompt_id, number) WHERE publish_skill;

-- The name that a prompt has as a skill, as lib/prompts/rules.ts makes it.
CREATE INDEX prompt_template_skill_name ON prompt_template
  (workspace_id, rtrim(regexp_replace(name, '[-_]+', '-', 'g'), '-'));
