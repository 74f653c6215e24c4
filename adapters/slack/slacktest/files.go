package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) filesGetUploadURL(call Call) (object, error) {
	length, err := strconv.Atoi(call.Args["length"])
	if err != nil || length <= 0 || call.Args["filename"] == "" {
		return nil, refuse("invalid_arguments", "missing required field: filename or length")
	}
	f := &File{ID: s.newID("F"), Name: call.Args["filename"], AltText: call.Args["alt_txt"], length: length, polls: s.Options.FilePolls}
	s.world.files = append(s.world.files, f)
	return object{"file_id": f.ID, "upload_url": s.http.URL + "/upload/" + f.ID}, nil
}

// serveUpload takes a file's bytes, as a form or bare.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	call := s.record(r, "upload")
	content, err := uploaded(r.Header.Get("Content-Type"), call.body)
	do := func() (object, error) {
		f := s.world.file(call.path)
		switch {
		case f == nil:
			return nil, refuse("file_not_found")
		case err != nil:
			return nil, refuse("invalid_form_data")
		case len(content) != f.length:
			return nil, refuse("invalid_arguments", fmt.Sprintf("%d bytes instead of the %d that were told", len(content), f.length))
		}
		f.Content = content
		return object{"size": len(content)}, nil
	}
	s.perform(w, r, call, do, func(w http.ResponseWriter, result object, refused *apiError) {
		if refused != nil {
			http.Error(w, refused.Code, http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, "OK - %v", result["size"])
	})
}

func uploaded(contentType string, body []byte) ([]byte, error) {
	media, params, _ := mime.ParseMediaType(contentType)
	if media != "multipart/form-data" {
		return body, nil
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, fmt.Errorf("no file in the form: %w", err)
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

// filesComplete shares what was uploaded. As in Slack, nothing in its answer tells of the message.
func (s *Server) filesComplete(call Call) (object, error) {
	var wanted []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal([]byte(call.Args["files"]), &wanted) != nil || len(wanted) == 0 {
		return nil, refuse("invalid_arguments", "missing required field: files")
	}
	var files []*File
	for _, want := range wanted {
		f := s.world.file(want.ID)
		if f == nil || f.Content == nil || f.completed {
			return nil, refuse("file_not_found")
		}
		f.Title = want.Title
		files = append(files, f)
	}
	channels, err := s.sharedTo(call.Args)
	if err != nil {
		return nil, err
	}
	for _, c := range channels {
		if err := s.share(c, files, call); err != nil {
			return nil, err
		}
	}
	summary := []object{}
	for _, f := range files {
		f.completed = true
		summary = append(summary, object{"id": f.ID, "title": f.Title})
	}
	return object{"files": summary}, nil
}

func (s *Server) sharedTo(a Args) ([]*Channel, error) {
	ids := strings.FieldsFunc(a["channels"], func(r rune) bool { return r == ',' })
	if id := a["channel_id"]; id != "" {
		ids = append(ids, id)
	}
	var channels []*Channel
	for _, id := range ids {
		c, err := s.postable(id)
		if err != nil {
			return nil, err
		}
		channels = append(channels, c)
	}
	return channels, nil
}

func (s *Server) share(c *Channel, files []*File, call Call) error {
	m := Message{Channel: c.ID, ThreadTS: call.Args["thread_ts"], User: s.Options.BotUserID, Via: call.Method}
	a := Args{"text": call.Args["initial_comment"], "blocks": call.Args["blocks"]}
	if a["text"] == "" && a["blocks"] != "" {
		a["text"] = files[0].Name // the method has no text to go with blocks
	}
	if a["text"] != "" {
		content, err := s.content(call.Method+" to "+c.ID, a)
		if err != nil {
			return err
		}
		m.Content = content
	}
	for _, f := range files {
		m.Files = append(m.Files, f.ID)
	}
	shared := s.add(m)
	for _, f := range files {
		f.Channels = append(slices.Clip(f.Channels), c.ID)
		f.shares = append(f.shares, shared)
	}
	return nil
}

// filesInfo tells of a file. Until it was asked for often enough, what Slack works out later is missing.
func (s *Server) filesInfo(call Call) (object, error) {
	f := s.world.file(call.Args["file"])
	if f == nil {
		return nil, refuse("file_not_found")
	}
	info := s.fileJSON(f)
	if f.completed && f.polls > 0 {
		f.polls--
	}
	return object{"file": info, "comments": []any{}, "response_metadata": object{"next_cursor": ""}}, nil
}

func (s *Server) fileJSON(f *File) object {
	info := object{
		"id": f.ID, "name": f.Name, "title": f.Title, "user": s.Options.BotUserID, "size": f.length, "mimetype": "", "filetype": "",
		"alt_txt": f.AltText, "channels": []string{}, "shares": object{},
	}
	if !f.completed || f.polls > 0 {
		return info
	}
	public := map[string][]object{}
	for _, m := range f.shares {
		public[m.Channel] = append(public[m.Channel], object{"ts": m.TS, "thread_ts": m.ThreadTS})
	}
	kind := mime.TypeByExtension(path.Ext(f.Name))
	info["mimetype"], info["filetype"], info["channels"] = kind, strings.TrimPrefix(path.Ext(f.Name), "."), f.Channels
	info["url_private"] = s.http.URL + "/files-pri/" + s.Options.TeamID + "-" + f.ID + "/" + f.Name
	info["permalink"] = "https://" + s.domain() + ".slack.com/files/" + s.Options.BotUserID + "/" + f.ID + "/" + f.Name
	info["shares"] = object{"public": public}
	return info
}
