using System.Diagnostics;

namespace Durability;

/// <summary>A process of the writer program. It is killed when it is disposed of.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _spoken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Child(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Durability.Writer.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "1";
        _process = Process.Start(start)!;
        Output = ReadOutputAsync();
        Errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Ends when it has said its first line.</summary>
    public Task Spoken => _spoken.Task;

    /// <summary>Everything that it has said when it is gone.</summary>
    public Task<string> Output { get; }

    public Task<string> Errors { get; }

    public bool HasExited => _process.HasExited;

    public void Begin() => _process.StandardInput.WriteLine();

    /// <summary>SIGKILL: the process has no say in it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    private async Task<string> ReadOutputAsync()
    {
        var first = await _process.StandardOutput.ReadLineAsync();
        _spoken.TrySetResult();
        return first + "\n" + await _process.StandardOutput.ReadToEndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
