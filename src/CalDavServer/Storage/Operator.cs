namespace CalDavServer.Storage;

/// <summary>The person at the terminal, who is told how far a command has come, and is asked.</summary>
internal abstract class Operator
{
    /// <summary>Says how much of a piece of work is done: from 0 to 1.</summary>
    public abstract void Tell(string work, double done);

    /// <summary>Asks for a yes; false for everything else, and where nobody can be asked.</summary>
    public abstract Task<bool> AskAsync(string question);

    /// <summary>A piece of work whose progress is told.</summary>
    public IProgress<double> Watch(string work) => new Work(this, work);

    private sealed class Work(Operator person, string work) : IProgress<double>
    {
        public void Report(double value) => person.Tell(work, value);
    }
}

/// <summary>The person who started this process: a bar on a terminal, a line for each ten percent elsewhere.</summary>
internal sealed class LocalOperator(TextWriter error) : Operator
{
    private const int Width = 30;
    private readonly Lock _gate = new();
    private readonly bool _isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
    private (string Work, int Percent) _told;

    public override void Tell(string work, double done)
    {
        var percent = (int)(Math.Clamp(done, 0, 1) * 100);
        if (!_isTerminal) percent -= percent % 10;
        lock (_gate)
        {
            // what works beside the command may report late
            if (_told.Work == work && percent <= _told.Percent) return;
            _told = (work, percent);
            if (!_isTerminal) error.WriteLine($"{work}: {percent} %");
            else error.Write($"\r[{new string('#', percent * Width / 100).PadRight(Width)}] {percent,3} %  {work}{(percent == 100 ? "\n" : "")}");
        }
    }

    public override async Task<bool> AskAsync(string question)
    {
        if (Console.IsInputRedirected) return false;
        await error.WriteAsync($"{question} Type yes: ");
        return string.Equals((await Console.In.ReadLineAsync())?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
    }
}
