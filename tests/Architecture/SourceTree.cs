using System.Text.RegularExpressions;

namespace Architecture;

/// <summary>The source files of a project: which folder declares a type, and what their directives name.</summary>
internal sealed partial class SourceTree
{
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _foldersOfNamespace = new(StringComparer.Ordinal);
    private readonly List<(string Folder, string File, string Text)> _files = [];

    public SourceTree(string project, string root)
    {
        Project = project;
        foreach (var file in Directory.EnumerateFiles(root, "*.cs*", SearchOption.AllDirectories))
        {
            var parts = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (parts[0] is "bin" or "obj" || Path.GetExtension(file) is not (".cs" or ".cshtml")) continue;
            Add(FolderOf(parts), string.Join('/', parts), File.ReadAllText(file));
        }
    }

    public string Project { get; }

    /// <summary>Every folder that has a file.</summary>
    public IReadOnlyCollection<string> Folders => [.. _files.Select(file => file.Folder).Distinct()];

    /// <summary>The folder of the first level that a file is in.</summary>
    public string FolderOf(params IReadOnlyList<string> parts) => parts.Count > 1 ? $"{Project}/{parts[0]}" : Project;

    /// <summary>The folder whose file declares a type; null for what a compiler or generator made.</summary>
    public string? FolderOfType(string fullName) => _folders.GetValueOrDefault(fullName);

    /// <summary>
    /// What the directives of files say. Constants are copied by the compiler, so that nothing in the assembly tells where they came from; a directive that nothing needs is an error of the build.
    /// </summary>
    public IEnumerable<Arrow> Directives(IReadOnlyCollection<SourceTree> all) =>
        from file in _files
        from Match directive in Directive().Matches(file.Text)
        let named = directive.Groups["name"].Value
        from tree in all
        let folder = tree.FolderOfName(named)
        where folder is not null && folder != file.Folder
        select new Arrow(file.Folder, folder, $"{Project}/{file.File}", named);

    // a namespace, or a type of one
    private string? FolderOfName(string name) =>
        _folders.GetValueOrDefault(name) ?? (_foldersOfNamespace.TryGetValue(name, out var folders) && folders.Count == 1 ? folders.Single() : null);

    private void Add(string folder, string file, string text)
    {
        _files.Add((folder, file, text));
        if (Namespace().Match(text) is not { Success: true } match) return;
        var space = match.Groups["name"].Value;
        foreach (Match type in TypeDeclaration().Matches(text)) _folders[$"{space}.{type.Groups["name"].Value}"] = folder;
        if (!_foldersOfNamespace.TryGetValue(space, out var folders)) _foldersOfNamespace[space] = folders = [];
        folders.Add(folder);
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:(?:public|internal|static|sealed|abstract|readonly|partial|ref|unsafe) )*(?:class|record struct|record class|record|struct|enum|interface|delegate [\w<>\[\]?., ()]+?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^@?(?:global )?using (?:static )?(?:\w+ = )?(?<name>[\w.]+);?\s*$", RegexOptions.Multiline)]
    private static partial Regex Directive();
}
