" Drives Vim with ALE against the server: what is left in out.txt is what it shows.
set nocompatible
set hidden
set rtp^=vimrt
silent! packadd ale
if !exists('*ale#Queue') && empty(globpath(&rtp, 'autoload/ale.vim'))
  call writefile(['none'], 'out.txt')
  qall!
endif
let g:out = []
edit lb/10-web.cfg
set filetype=haproxy
call ale#Queue(0)
let g:n = 0
while g:n < 400 && empty(ale#engine#GetLoclist(bufnr('%')))
  sleep 50m
  let g:n += 1
endwhile
for g:item in ale#engine#GetLoclist(bufnr('%'))
  call add(g:out, printf('%d|%d|%s', g:item.lnum, g:item.col, get(g:item, 'code', '')))
endfor
" The fix, chosen in the menu of actions.
function! Choose(data, items) abort
  for [l:kind, l:item] in a:items
    if l:item.title is# 'Delete the line'
      call add(g:out, 'action')
      call ale#codefix#ApplyLSPCodeAction(a:data, l:item)
    endif
  endfor
endfunction
call cursor(6, 9)
call ale#codefix#Execute(0, function('Choose'))
let g:n = 0
while g:n < 200 && line('$') > 5
  sleep 50m
  let g:n += 1
endwhile
call add(g:out, string(line('$')))
call writefile(g:out, 'out.txt')
qall!
