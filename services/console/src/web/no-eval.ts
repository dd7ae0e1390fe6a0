import { z } from 'zod';

// The page's policy allows no code made from text; zod would try whether it may, and the browser would report that as a breach.
z.config({ jitless: true });
