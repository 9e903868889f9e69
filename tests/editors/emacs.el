;;; emacs.el --- eglot as a user has it, without a window -*- lexical-binding: t -*-
;; Diagnostics come, a code action silences one, and it is gone.
;; Usage: emacs --batch -l emacs.el   with QUERYLINT and PROJECT set

(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)

(defvar project (file-name-as-directory (getenv "PROJECT")))

(defun fail (&rest what)
  (message "emacs: %s" (apply #'format what))
  (kill-emacs 1))

(defun wait (what condition)
  "Let the server and flymake work until CONDITION holds."
  (let ((end (+ (float-time) 20)))
    (while (not (funcall condition))
      (when (> (float-time) end) (fail "waited in vain for %s" what))
      (accept-process-output nil 0.05))))

(defun found () (flymake-diagnostics))

(setq eglot-sync-connect 20
      eglot-autoshutdown t
      eglot-confirm-server-initiated-edits nil
      eglot-send-changes-idle-time 0)
(add-to-list 'eglot-server-programs
             `(python-mode . (,(getenv "QUERYLINT") "server" "--no-cache")))
(setq project-find-functions (list (lambda (_) (cons 'transient project))))

(find-file (expand-file-name "shop/views.py" project))
(python-mode)
(apply #'eglot (eglot--guess-contact))
(flymake-mode 1)
(wait "a diagnostic" (lambda () (flymake-start) (= (length (found)) 1)))

(let* ((diagnostic (car (found)))
       (begin (flymake-diagnostic-beg diagnostic))
       (marked (buffer-substring-no-properties begin (flymake-diagnostic-end diagnostic))))
  (unless (string-match-p "1 \\+ N queries" (flymake-diagnostic-text diagnostic))
    (fail "the diagnostic is another one: %s" (flymake-diagnostic-text diagnostic)))
  (unless (string= marked "book.author") (fail "what is marked is `%s'" marked))
  (goto-char begin)
  (let* ((actions (jsonrpc-request
                   (eglot-current-server) :textDocument/codeAction
                   (list :textDocument (eglot--TextDocumentIdentifier)
                         :range (list :start (eglot--pos-to-lsp-position begin)
                                      :end (eglot--pos-to-lsp-position begin))
                         :context '(:diagnostics []))))
         (chosen (seq-find (lambda (action)
                             (string= (plist-get action :title)
                                      "Ignore lazy-relation-in-loop on this line"))
                           actions)))
    (unless chosen (fail "there is no such action: %S" actions))
    (eglot--apply-workspace-edit (plist-get chosen :edit))
    (eglot--signal-textDocument/didChange)))

(goto-char (point-min))
(unless (search-forward "# querylint: ignore[lazy-relation-in-loop]" nil t)
  (fail "the action did nothing"))
(wait "the diagnostic to go" (lambda () (flymake-start) (null (found))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(message "emacs: diagnostics, code action")
(kill-emacs 0)
