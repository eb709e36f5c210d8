using System.CommandLine;
using CalDavServer.Hosting;
using CalDavServer.Links;
using CalDavServer.Storage;
using Calendaring.Store;
using Calendaring.Store.Sqlite;

namespace CalDavServer.Commands;

/// <summary>
/// Where commands run: in a process of their own, which opens the data folder, or inside a server, on the store that it serves.
/// </summary>
/// <param name="Data">The <c>--data</c> option.</param>
/// <param name="Serving">The store that is served and its folder, or null.</param>
/// <param name="Directory">What relative paths on the command line are relative to.</param>
/// <param name="Operator">Who started the command.</param>
internal sealed record CommandScope(Option<string> Data, ServedFolder? Serving, string Directory, Operator Operator)
{
    /// <summary>A scope with an option of its own.</summary>
    public static CommandScope Create(ServedFolder? serving, string directory, Operator person)
    {
        var data = new Option<string>("--data")
        {
            Description = "The data folder",
            HelpName = "DIR",
            Recursive = true,
            DefaultValueFactory = _ => Settings.DefaultDataFolder,
        };
        return new CommandScope(data, serving, directory, person);
    }

    /// <summary>The data folder.</summary>
    public string FolderOf(ParseResult parsed) => Serving?.Folder ?? Path.GetFullPath(parsed.GetRequiredValue(Data));

    /// <summary>A path as the operator meant it.</summary>
    public string PathOf(string given) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(given, Directory));

    /// <summary>Opens the store, which must be there.</summary>
    public async Task<OpenStore> OpenAsync(ParseResult parsed)
    {
        if (Serving is not null) return new OpenStore(Serving.Store, isOwn: false);
        return new OpenStore(await DataFolder.OpenAsync(parsed.GetRequiredValue(Data)), isOwn: true);
    }

    /// <summary>Opens the store, making it when it is not there.</summary>
    public async Task<OpenStore> OpenOrCreateAsync(ParseResult parsed)
    {
        if (Serving is not null) return new OpenStore(Serving.Store, isOwn: false);
        return new OpenStore(await DataFolder.OpenOrCreateAsync(parsed.GetRequiredValue(Data)), isOwn: true);
    }
}

/// <summary>A data folder that a server has open.</summary>
/// <param name="Store">Its store.</param>
/// <param name="Folder">Its path.</param>
/// <param name="Address">Where people reach the server's pages.</param>
/// <param name="Links">Its links to outside calendars; null where it has none.</param>
internal sealed record ServedFolder(SqliteStore Store, string Folder, Uri Address, ServedLinks? Links = null);

/// <summary>A store for the time of one command; closed after it when the command opened it.</summary>
internal readonly struct OpenStore(SqliteStore store, bool isOwn) : IAsyncDisposable
{
    /// <summary>What it keeps.</summary>
    public ICalendarStore Store => store;

    /// <summary>Its file.</summary>
    public IStoreMaintenance File => store;

    public ValueTask DisposeAsync() => isOwn ? store.DisposeAsync() : ValueTask.CompletedTask;
}
