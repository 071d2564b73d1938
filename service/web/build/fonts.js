// The fonts of documents that the service makes; fonts of pages come with their styles.
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const source = "node_modules/@expo-google-fonts/be-vietnam-pro";
const target = join(process.argv[2], "fonts");
mkdirSync(target, { recursive: true });
for (const [folder, name] of [["400Regular", "regular"], ["600SemiBold", "semibold"]]) {
  copyFileSync(join(source, folder, `BeVietnamPro_${folder}.ttf`), join(target, `${name}.ttf`));
}
