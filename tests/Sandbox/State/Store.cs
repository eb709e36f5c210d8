using System.Globalization;
using System.Security.Cryptography;
using LiteDB;

namespace Sandbox.State;

/// <summary>Everything that the stand-ins remember. One caller at a time: what a call reads and writes is one step.</summary>
public sealed class Store : IDisposable
{
    private readonly LiteDatabase _database;
    private readonly Lock _gate = new();

    public Store(string? file)
    {
        _database = new LiteDatabase(file is null ? ":memory:" : $"Filename={file};Connection=direct", new BsonMapper { EmptyStringToNull = false });
        Items.EnsureIndex(x => x.Calendar);
        Changes.EnsureIndex(x => x.Calendar);
        Calendars.EnsureIndex(x => x.Account);
        HalaxyRows.EnsureIndex(x => x.Practice);
    }

    public ILiteCollection<Account> Accounts => _database.GetCollection<Account>("accounts");
    public ILiteCollection<CalendarRow> Calendars => _database.GetCollection<CalendarRow>("calendars");
    public ILiteCollection<ItemRow> Items => _database.GetCollection<ItemRow>("items");
    public ILiteCollection<ChangeRow> Changes => _database.GetCollection<ChangeRow>("changes");
    public ILiteCollection<Grant> Grants => _database.GetCollection<Grant>("grants");
    public ILiteCollection<UsedCode> UsedCodes => _database.GetCollection<UsedCode>("codes");
    public ILiteCollection<HookRow> Hooks => _database.GetCollection<HookRow>("hooks");
    public ILiteCollection<Fault> Faults => _database.GetCollection<Fault>("faults");
    public ILiteCollection<HalaxyPractice> HalaxyPractices => _database.GetCollection<HalaxyPractice>("halaxy_practices");
    public ILiteCollection<HalaxyKey> HalaxyKeys => _database.GetCollection<HalaxyKey>("halaxy_keys");
    public ILiteCollection<HalaxyRow> HalaxyRows => _database.GetCollection<HalaxyRow>("halaxy_rows");
    private ILiteCollection<Setting> Settings => _database.GetCollection<Setting>("settings");

    public T Locked<T>(Func<T> step)
    {
        lock (_gate) return step();
    }

    public void Locked(Action step)
    {
        lock (_gate) step();
    }

    public string? this[string name]
    {
        get { lock (_gate) return Settings.FindById(name)?.Value; }
        set { lock (_gate) _ = value is null ? Settings.Delete(name) : Settings.Upsert(new Setting { Id = name, Value = value }); }
    }

    public long Sequence => long.Parse(this["sequence"] ?? "0", CultureInfo.InvariantCulture);

    public long NextSequence()
    {
        var next = Sequence + 1;
        this["sequence"] = next.ToString(CultureInfo.InvariantCulture);
        return next;
    }

    /// <summary>A secret that outlives a restart: tokens signed with it stay good.</summary>
    public byte[] Key(string name)
    {
        lock (_gate)
        {
            var known = this["key." + name];
            if (known is not null) return Convert.FromBase64String(known);
            var key = RandomNumberGenerator.GetBytes(32);
            this["key." + name] = Convert.ToBase64String(key);
            return key;
        }
    }

    public void Dispose() => _database.Dispose();
}
