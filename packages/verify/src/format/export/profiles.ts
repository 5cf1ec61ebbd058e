import type { Profile, Standard } from './profile.ts';
import { euAiAct } from './profiles/eu-ai-act.ts';
import { generic } from './profiles/generic.ts';
import { rbi } from './profiles/rbi.ts';
import { sox } from './profiles/sox.ts';

export const PROFILES: Readonly<Record<Standard, Profile>> = { generic, rbi, eu_ai_act: euAiAct, sox };
