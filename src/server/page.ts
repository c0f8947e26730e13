import { createHash } from 'node:crypto';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
img{max-width:100%;max-height:60vh;display:block;margin:1rem 0}output{display:block;font-size:1.25rem;min-height:2em}`;

const SCRIPT = `const input=document.querySelector('input'),image=document.querySelector('img'),output=document.querySelector('output');
input.addEventListener('change',async()=>{
  const [file]=input.files;
  if(!file)return;
  URL.revokeObjectURL(image.src);
  image.hidden=false;image.src=URL.createObjectURL(file);image.alt='';output.textContent='…';
  try{
    const body=new FormData();body.append('image',file);
    const answer=await(await fetch('caption',{method:'POST',body})).json();
    output.textContent=answer.error?answer.error.message:(answer.assessment==='confident'?'':'? ')+answer.text;
    image.alt=answer.text??'';
  }catch{output.textContent='The server does not answer.'}
});`;

/** The page at `/`: choose an image, read its caption. */
export const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>captioneer</title>
<style>${STYLE}</style>
<h1>captioneer</h1>
<p><label>Image: <input type="file" accept="image/*"></label></p>
<img hidden alt=""><output aria-live="polite"></output>
<p>For programs: <a href="openapi.json">openapi.json</a>, <a href="metrics">metrics</a>.</p>
<script>${SCRIPT}</script>
</html>
`;

const hash = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** The headers that belong to it. */
export const PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; img-src blob:; connect-src 'self'; script-src ${hash(SCRIPT)}; style-src ${hash(STYLE)}`,
  'x-content-type-options': 'nosniff',
};
